import { Inject, Logger } from '@nestjs/common';
import { VOICE_WINDOW_MS } from '@parley/audio';
import {
  idle,
  reduce,
  type TurnEvent,
  type TurnNotification,
  type TurnPolicy,
  type TurnState,
  type UntimedTurnEvent,
  type VoiceWindow,
} from '@parley/conversation';
import { type EndReason, FRAME_SAMPLES, INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
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
import { CONNECTION, type Connection, ConnectionScoped } from '../connection/connection-scoped';
import type { ConversationEngine, OutgoingSpeech, PlaybackReport } from './conversation-engine';
import { type EffectPorts, EffectRunner } from './effect-runner';
import { toServerMessage } from '../../transports/websocket/to-server-message';
import { TurnTimers } from './turn-timers';
import { type HeardWindow, NEW_VOICE_DETECTOR, type NewVoiceDetector, type VoiceDetector } from './voice-detector';

/** Audio sent ahead of playback at most (protocol.md, Audio). */
const MAX_LEAD_MS = 10_000;
/** Pre-roll, confirmation and the detector's delay together stay well below this. */
const HISTORY_MS = 3_000;

const now = (): number => performance.now();

/**
 * One conversation on the pipeline: microphone audio in, the turn engine's decisions out. Events are handled one after the other in the
 * order they came; what an effect brings about at once waits for its turn.
 */
@ConnectionScoped()
export class Session implements ConversationEngine {
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
      systemPrompt: connection.start.system_prompt ?? settings.turns.systemPrompt,
    };
    this.observe = metrics.observe();
    this.hears = vendors.stt.available;
    this.state = idle(this.policy);
    this.detector = newDetector();
    this.timers = new TurnTimers((timer) => this.dispatch({ type: 'timer_fired', timer }));
    this.outbox = new AudioOutbox({
      sampleRateHz: OUTPUT_SAMPLE_RATE_HZ,
      maxLeadMs: MAX_LEAD_MS,
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
    this.recording = this.recordings.begin(this.connection.id, this.policy);
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

  close(reason: EndReason): void {
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
    this.connection.sink.sendSpeech(speech);
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
      ended: ({ reason }) => this.end(reason),
      dispatch: (event) => this.dispatch(event),
      unexpected: (error) =>
        this.logger.error({ message: 'unexpected failure', sessionId: this.connection.id, error: describeError(error) }),
    };
  }

  private beginUtterance(signal: AbortSignal): SttUtterance {
    this.llm.stayWarm();
    return this.stt.utterance(signal);
  }

  private notify(notification: TurnNotification): void {
    if (notification.type === 'transcript' && !notification.isFinal) this.llm.stayWarm();
    if (notification.type === 'stage_failed') {
      const { stage, reason, turn } = notification;
      this.logger.warn({ message: 'a stage failed', sessionId: this.connection.id, turn, stage, reason });
    }
    this.observe(notification);
    this.connection.sink.send(toServerMessage(notification));
  }

  private end(reason: EndReason): void {
    this.lifetime.abort();
    if (this.recording) this.recordings.finish(this.recording);
    this.connection.sink.ended(reason);
  }
}
