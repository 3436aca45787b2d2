import { VOICE_WINDOW_MS } from '@parley/audio';
import {
  type EndReason,
  idle,
  pastOf,
  reduce,
  type RunningState,
  type TimerName,
  type TurnEffect,
  type TurnEvent,
  type TurnNotification,
  type TurnPolicy,
  type TurnState,
  type UntimedTurnEvent,
  type VoiceWindow,
} from '@parley/conversation';
import {
  type Clock,
  type Connection,
  type Conversation,
  type ConversationEventOf,
  type ConversationMemory,
  describeError,
  EMPTY_MEMORY,
  type EngineLogger,
  FRAME_SAMPLES,
  type HeardWindow,
  INPUT_SAMPLE_RATE_HZ,
  OUTPUT_SAMPLE_RATE_HZ,
  type OutgoingSpeech,
  type PlaybackReport,
  SILENT_LOGGER,
  SYSTEM_CLOCK,
  type TurnDetector,
  WORDS_TURN_DETECTOR,
} from '../ports';
import type { SttUtterance } from '@parley/providers';
import type { ConversationRecording } from '../recording/conversation-recording';
import { AudioHistory } from './audio-history';
import { AudioOutbox } from '../output/audio-outbox';
import { type EffectPorts, EffectRunner } from './effect-runner';
import type { PipelinePorts } from './pipeline-ports';
import { NotificationRelay } from '../turns/notification-relay';
import { People } from '../turns/people';
import { TurnLoop } from '../turns/turn-loop';
import { TurnTimers } from '../turns/turn-timers';

/** Long enough for the pre-roll, the confirmation of speech and the detector's delay together. */
const HISTORY_MS = 3_000;

/** One conversation on the pipeline: gives the microphone's audio to the turn engine and carries out its decisions. */
export class PipelineConversation implements Conversation {
  private readonly logger: EngineLogger;
  private readonly clock: Clock;
  private readonly lifetime = new AbortController();
  private readonly history: AudioHistory;
  private readonly runner: EffectRunner;
  private readonly outbox: AudioOutbox;
  private readonly timers: TurnTimers<TimerName>;
  private readonly policy: TurnPolicy;
  private readonly relay: NotificationRelay;
  private readonly loop: TurnLoop<TurnState, UntimedTurnEvent, TurnEffect>;
  /** The turn detector that is asked. If the conversation is recorded, its answers are recorded too. */
  private turnDetector: TurnDetector;
  private window: VoiceWindow | undefined;
  private recording: ConversationRecording | undefined;
  private readonly people: People;
  /** The last state before the end. */
  private running: RunningState | undefined;
  private endedEvent: ConversationEventOf<'ended'> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly ports: PipelinePorts,
  ) {
    const { policy, tts, turnDetector = WORDS_TURN_DETECTOR, logger = SILENT_LOGGER, clock = SYSTEM_CLOCK } = ports;
    this.logger = logger;
    this.clock = clock;
    this.policy = {
      ...policy,
      speech: tts !== undefined,
      systemPrompt: connection.options.systemPrompt ?? policy.systemPrompt,
      judgesTurns: connection.audience !== undefined,
      // If playback cannot be paused, confirmed speech interrupts.
      ...(!connection.output.canPause && { interruptionMode: 'immediate' as const }),
    };
    this.history = new AudioHistory(INPUT_SAMPLE_RATE_HZ, HISTORY_MS, Math.max(HISTORY_MS, this.policy.rejoinAudioMs));
    this.relay = new NotificationRelay(connection, ports.observe);
    this.turnDetector = turnDetector;
    this.people = new People({ connection, logger, dispatch: (event) => this.dispatch(event) });
    this.timers = new TurnTimers<TimerName>((timer) => this.dispatch({ type: 'timer_fired', timer }));
    this.outbox = new AudioOutbox({
      sampleRateHz: OUTPUT_SAMPLE_RATE_HZ,
      maxLeadMs: connection.output.maxLeadMs,
      now: () => clock.now(),
      send: (speech) => this.send(speech),
      onSent: (reply, durationMs) => this.dispatch({ type: 'audio_sent', reply, durationMs }),
      onFinished: (reply) => this.dispatch({ type: 'audio_finished', reply }),
    });
    this.runner = new EffectRunner(this.effectPorts(), this.outbox, this.timers, OUTPUT_SAMPLE_RATE_HZ);
    this.loop = new TurnLoop<TurnState, UntimedTurnEvent, TurnEffect>({
      initial: idle(this.policy),
      clock,
      reduce: (state, event) => reduce(state, event, this.turnDetector),
      decided: (event, effects) => this.decided(event, effects),
      perform: (effect) => this.runner.perform(effect),
    });
  }

  /** Opens the providers' connections and starts to listen. To be called once. */
  start(): void {
    const { signal } = this.lifetime;
    const { stt, llm, tts, recorder } = this.ports;
    stt?.open(signal);
    llm.open(signal);
    tts?.open(signal);
    this.recording = recorder?.begin(this.connection.options.conversationId, this.policy, this.turnDetector.name);
    if (this.recording) this.turnDetector = this.recording.observing(this.turnDetector);
    const past = this.connection.options.memory;
    this.dispatch({ type: 'conversation_started', ...(past && { past }) });
  }

  /** The number of open streams and timers, which is 0 after the end. */
  get openResources(): { streams: number; timers: number } {
    return { streams: this.runner.openStreams, timers: this.timers.count };
  }

  get isInTurn(): boolean {
    const { state } = this.loop;
    if (state.phase === 'USER_SPEAKING') return state.userTurn !== undefined || state.voice !== undefined;
    return state.phase !== 'IDLE';
  }

  pushAudio(pcm: Int16Array): void {
    if (!this.ports.stt) return;
    for (let start = 0; start < pcm.length; start += FRAME_SAMPLES) this.pushFrame(pcm.subarray(start, start + FRAME_SAMPLES));
  }

  private pushFrame(frame: Int16Array): void {
    if (this.loop.state.phase === 'IDLE') return;
    this.people.look();
    this.history.push(frame);
    this.recording?.heard(frame);
    this.turnDetector.pushAudio?.(frame);
    this.runner.pushAudio(frame);
    const window = this.completedWindow(frame);
    this.dispatch({ type: 'audio_heard', audioMs: this.history.audioMs, ...(window && { window }) });
  }

  /** A frame is shorter than a window, so it completes at most one. The window is copied, because the detector reuses its object. */
  private completedWindow(frame: Int16Array): VoiceWindow | undefined {
    this.window = undefined;
    this.ports.detector.push(frame, this.takeWindow);
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

  memory(): ConversationMemory {
    return this.running ? pastOf(this.running) : (this.connection.options.memory ?? EMPTY_MEMORY);
  }

  end(reason: EndReason): void {
    this.dispatch({ type: 'conversation_ended', reason });
  }

  private dispatch(event: UntimedTurnEvent): void {
    this.loop.dispatch(event);
  }

  private decided(event: TurnEvent, effects: readonly TurnEffect[]): void {
    this.recording?.decided(event, effects);
    const { state } = this.loop;
    if (state.phase !== 'IDLE') this.running = state;
  }

  private send(speech: OutgoingSpeech): void {
    this.recording?.sent(speech, this.clock.now());
    this.connection.output.play(speech);
  }

  private effectPorts(): EffectPorts {
    const { llm, tts, detector } = this.ports;
    return {
      utterance: (signal) => this.beginUtterance(signal),
      generate: (request, signal) => llm.generate(request, signal),
      speak: (text, signal) => present(tts).speak(text, signal),
      preparedSpeech: (stage) => this.ports.fallbackSpeech?.(stage),
      heardSince: (fromAudioMs) => this.heardSince(fromAudioMs),
      judge: (turn) => this.people.judge(turn),
      expectEcho: (active) => detector.setAssistantSpeaking(active),
      notify: (notification) => this.notify(notification),
      ended: ({ reason }) => this.ended(reason),
      dispatch: (event) => this.dispatch(event),
      unexpected: (error) =>
        this.logger.error('unexpected failure', { conversationId: this.connection.options.conversationId, error: describeError(error) }),
    };
  }

  /** The audio with which an utterance begins. It is held, because the utterance may have to be transcribed again. */
  private heardSince(fromAudioMs: number): Int16Array {
    this.history.hold(fromAudioMs);
    return this.history.since(fromAudioMs);
  }

  private beginUtterance(signal: AbortSignal): SttUtterance {
    this.ports.llm.stayWarm();
    return present(this.ports.stt).utterance(signal);
  }

  private notify(notification: TurnNotification): void {
    if (notification.type === 'transcript' && !notification.isFinal) this.ports.llm.stayWarm();
    // The client is told when everything has been released.
    if (notification.type === 'ended') this.endedEvent = notification;
    else this.relay.pass(notification);
    if (notification.type === 'stage_failed') this.logFailure(notification);
  }

  private logFailure({ turn, stage, reason }: Extract<TurnNotification, { type: 'stage_failed' }>): void {
    const { conversationId } = this.connection.options;
    this.logger.warn('a stage failed', { conversationId, turn, stage, reason });
  }

  private ended(reason: EndReason): void {
    this.lifetime.abort();
    if (this.recording) this.ports.recorder?.finish(this.recording);
    this.relay.emit(this.endedEvent ?? { type: 'ended', reason });
  }
}

/** Fails if a stage is used that is not available. The policy prevents that. */
function present<Stream>(stream: Stream | undefined): Stream {
  if (stream === undefined) throw new Error('the stage is not there');
  return stream;
}
