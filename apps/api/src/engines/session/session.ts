import { Inject, Logger } from '@nestjs/common';
import { VOICE_WINDOW_MS } from '@parley/audio';
import {
  type EndReason,
  idle,
  reduce,
  type TurnEvent,
  type TurnNotification,
  type TurnPolicy,
  type TurnState,
  type UntimedTurnEvent,
  type VoiceWindow,
} from '@parley/conversation';
import {
  type Connection,
  type Conversation,
  type ConversationEvent,
  type ConversationEventOf,
  FRAME_SAMPLES,
  INPUT_SAMPLE_RATE_HZ,
  OUTPUT_SAMPLE_RATE_HZ,
  type OutgoingSpeech,
  type PlaybackReport,
} from '@parley/engine';
import type { SttUtterance } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import { LlmStream } from '../llm/llm.stream';
import { ConversationMetrics, type ConversationObserver } from '../../telemetry/conversation-metrics';
import { describeError } from '../../telemetry/describe-error';
import { Recordings } from '../recording/recordings';
import type { SessionRecording } from '../recording/session-recording';
import { SttStream } from '../stt/stt.stream';
import { FallbackSpeech } from '../tts/fallback-speech';
import { TtsStream } from '../tts/tts.stream';
import { VENDORS, type Vendors } from '../../providers/vendors';
import { AudioHistory } from './audio-history';
import { AudioOutbox } from './audio-outbox';
import { CONNECTION, ConnectionScoped } from '../connection/connection-scoped';
import { type EffectPorts, EffectRunner } from './effect-runner';
import { TurnTimers } from './turn-timers';
import { type HeardWindow, NEW_VOICE_DETECTOR, type NewVoiceDetector, type VoiceDetector } from './voice-detector';

/** Pre-roll, confirmation and the detector's delay together stay well below this. */
const HISTORY_MS = 3_000;

const now = (): number => performance.now();

/**
 * One conversation on the pipeline: microphone audio in, the turn engine's decisions out. Events are handled one after the other in the
 * order they came; what an effect brings about at once waits for its turn.
 */
@ConnectionScoped()
export class Session implements Conversation {
  private readonly logger = new Logger(Session.name);
  private readonly lifetime = new AbortController();
  private readonly detector: VoiceDetector;
  private readonly history = new AudioHistory(INPUT_SAMPLE_RATE_HZ, HISTORY_MS);
  private readonly runner: EffectRunner;
  private readonly outbox: AudioOutbox;
  private readonly timers: TurnTimers;
  private readonly observe: ConversationObserver;
  private readonly policy: TurnPolicy;
  private readonly hears: boolean;
  private state: TurnState;
  private readonly events: TurnEvent[] = [];
  private handling = false;
  private window: VoiceWindow | undefined;
  private recording: SessionRecording | undefined;
  private farewell: ConversationEventOf<'ended'> | undefined;

  constructor(
    @Inject(CONNECTION) private readonly connection: Connection,
    @Inject(SETTINGS) settings: Settings,
    @Inject(ConversationMetrics) metrics: Pick<ConversationMetrics, 'observe'>,
    @Inject(VENDORS) vendors: Vendors,
    @Inject(NEW_VOICE_DETECTOR) newDetector: NewVoiceDetector,
    @Inject(SttStream) private readonly stt: SttStream,
    @Inject(LlmStream) private readonly llm: LlmStream,
    @Inject(TtsStream) private readonly tts: TtsStream,
    @Inject(FallbackSpeech) private readonly fallbackSpeech: Pick<FallbackSpeech, 'audioFor'>,
    @Inject(Recordings) private readonly recordings: Pick<Recordings, 'begin' | 'finish'>,
  ) {
    this.policy = {
      ...settings.turns,
      speech: vendors.tts.available,
      systemPrompt: connection.options.systemPrompt ?? settings.turns.systemPrompt,
      // Where playback cannot stand still, confirmed speech interrupts.
      ...(!connection.output.canPause && { interruptionMode: 'immediate' as const }),
    };
    this.observe = metrics.observe();
    this.hears = vendors.stt.available;
    this.state = idle(this.policy);
    this.detector = newDetector();
    this.timers = new TurnTimers((timer) => this.dispatch({ type: 'timer_fired', timer }));
    this.outbox = new AudioOutbox({
      sampleRateHz: OUTPUT_SAMPLE_RATE_HZ,
      maxLeadMs: connection.output.maxLeadMs,
      now,
      send: (speech) => this.send(speech),
      onSent: (reply, durationMs) => this.dispatch({ type: 'audio_sent', reply, durationMs }),
      onFinished: (reply) => this.dispatch({ type: 'audio_finished', reply }),
    });
    this.runner = new EffectRunner(this.effectPorts(), this.outbox, this.timers, OUTPUT_SAMPLE_RATE_HZ);
  }

  /** Opens the vendors' connections and starts to listen. Once. */
  start(): void {
    const { signal } = this.lifetime;
    if (this.hears) this.stt.open(signal);
    this.llm.open(signal);
    if (this.policy.speech) this.tts.open(signal);
    this.recording = this.recordings.begin(this.connection.options.conversationId, this.policy);
    this.dispatch({ type: 'conversation_started' });
  }

  /** Streams and timers that are open; none after the end. */
  get openResources(): { streams: number; timers: number } {
    return { streams: this.runner.openStreams, timers: this.timers.count };
  }

  pushAudio(pcm: Int16Array): void {
    if (!this.hears) return;
    for (let start = 0; start < pcm.length; start += FRAME_SAMPLES) this.pushFrame(pcm.subarray(start, start + FRAME_SAMPLES));
  }

  private pushFrame(frame: Int16Array): void {
    if (this.state.phase === 'IDLE') return;
    this.history.push(frame);
    this.recording?.heard(frame);
    this.runner.pushAudio(frame);
    const window = this.completedWindow(frame);
    this.dispatch({ type: 'audio_heard', audioMs: this.history.audioMs, ...(window && { window }) });
  }

  /** A frame is shorter than a window, so it completes one at most. The detector uses its object again: it is copied. */
  private completedWindow(frame: Int16Array): VoiceWindow | undefined {
    this.window = undefined;
    this.detector.push(frame, this.takeWindow);
    return this.window;
  }

  private readonly takeWindow = ({ endMs, activity, isSure, voicedEndMs }: HeardWindow): void => {
    const known = { ...(isSure !== undefined && { isSure }), ...(voicedEndMs !== undefined && { voicedEndMs }) };
    this.window = { endMs, activity, durationMs: VOICE_WINDOW_MS, ...known };
  };

  pushText(text: string): void {
    this.dispatch({ type: 'text_received', text });
  }

  interrupt(): void {
    this.dispatch({ type: 'interrupt_requested' });
  }

  reportPlayback(report: PlaybackReport): void {
    this.outbox.reportPlayback(report);
    this.dispatch({ type: 'playback_reported', ...report });
  }

  end(reason: EndReason): void {
    this.dispatch({ type: 'conversation_ended', reason });
  }

  private dispatch(event: UntimedTurnEvent): void {
    this.events.push({ ...event, atMs: now() });
    if (this.handling) return;
    this.handling = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) this.handle(next);
    } finally {
      this.handling = false;
    }
  }

  private handle(event: TurnEvent): void {
    const { state, effects } = reduce(this.state, event, this.recording?.hint);
    this.state = state;
    this.recording?.decided(event, effects);
    for (const effect of effects) this.runner.perform(effect);
  }

  private send(speech: OutgoingSpeech): void {
    this.recording?.sent(speech, now());
    this.connection.output.play(speech);
  }

  private effectPorts(): EffectPorts {
    return {
      utterance: (signal) => this.beginUtterance(signal),
      generate: (messages, signal) => this.llm.generate(messages, signal),
      speak: (text, signal) => this.tts.speak(text, signal),
      preparedSpeech: (stage) => this.fallbackSpeech.audioFor(stage),
      heardSince: (fromAudioMs) => this.history.since(fromAudioMs),
      expectEcho: (active) => this.detector.setAssistantSpeaking(active),
      notify: (notification) => this.notify(notification),
      ended: ({ reason }) => this.ended(reason),
      dispatch: (event) => this.dispatch(event),
      unexpected: (error) =>
        this.logger.error({
          message: 'unexpected failure',
          conversationId: this.connection.options.conversationId,
          error: describeError(error),
        }),
    };
  }

  private beginUtterance(signal: AbortSignal): SttUtterance {
    this.llm.stayWarm();
    return this.stt.utterance(signal);
  }

  private notify(notification: TurnNotification): void {
    if (notification.type === 'transcript' && !notification.isFinal) this.llm.stayWarm();
    const { output } = this.connection;
    switch (notification.type) {
      case 'ducked':
        return output.duck(notification.turn, notification.active);
      case 'paused':
        return output.pause(notification.turn, notification.active);
      case 'interrupted':
        output.clear(notification.turn);
        return this.emit(notification);
      case 'stage_failed':
        return this.fail(notification);
      case 'turn_limit_reached':
        return this.emit({ type: 'notice', turn: notification.turn, notice: 'turn_limit' });
      case 'ended':
        // Told when everything has been released.
        this.farewell = notification;
        return;
      default:
        return this.emit(notification);
    }
  }

  private fail({ turn, stage, reason }: Extract<TurnNotification, { type: 'stage_failed' }>): void {
    const { conversationId } = this.connection.options;
    this.logger.warn({ message: 'a stage failed', conversationId, turn, stage, reason });
    this.emit({ type: 'failure', turn, stage, reason, fatal: false });
  }

  private emit(event: ConversationEvent): void {
    this.observe(event);
    this.connection.emit(event);
  }

  private ended(reason: EndReason): void {
    this.lifetime.abort();
    if (this.recording) this.recordings.finish(this.recording);
    this.emit(this.farewell ?? { type: 'ended', reason });
  }
}
