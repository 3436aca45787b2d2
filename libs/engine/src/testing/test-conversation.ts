import { DEFAULT_TURN_POLICY, type Stage, type TurnPolicy } from '@parley/conversation';
import { type ConversationEvent, type ConversationOptions, SYSTEM_CLOCK, type TurnDetector, WORDS_TURN_DETECTOR } from '../ports';
import { RecordingLogger } from './recording-logger';
import { LlmStream } from '../pipeline/llm.stream';
import type { Recorder } from '../recording/recorder';
import { PipelineConversation } from '../pipeline/pipeline-conversation';
import type { VoiceDetector } from '../ports/voice-detector';
import { SttStream } from '../pipeline/stt.stream';
import { TtsStream } from '../pipeline/tts.stream';
import { FakeProviders, type FakeProviderOptions, type StagesAvailable, type TestProviders } from './fake-providers';
import { FakeVoiceDetector } from './fake-voice-detector';
import { Microphone } from './microphone';
import { RecordingSink } from './recording-sink';
import { settle } from './virtual-time';

export interface TestConversationOptions extends FakeProviderOptions {
  turns?: Partial<TurnPolicy>;
  start?: Partial<ConversationOptions>;
  /** What the listener's playback can do, where it is not what a browser's can. */
  output?: Partial<Pick<RecordingSink, 'maxLeadMs' | 'canPause'>>;
  available?: StagesAvailable;
  /** False: no sentences are ready for failures. */
  prepared?: boolean;
  /** In place of the fakes. */
  providers?: TestProviders;
  /** Without them nothing is recorded. */
  recordings?: Recorder;
  /** In place of the one that hears the test microphone. */
  detector?: VoiceDetector;
  /** In place of the one that judges by words. */
  turnDetector?: TurnDetector;
}

/** As a server without settings of its own has it, but without drafts unless they are asked for: a turn is answered in one straight line. */
const POLICY: TurnPolicy = { ...DEFAULT_TURN_POLICY, maxEarlyDrafts: 3, systemPrompt: 'You are a friendly voice assistant.' };
const MAX_TOKENS = 600;

/** One running conversation: a session on fake providers, its microphone, and everything its client was sent. */
export class TestConversation {
  readonly mic: Microphone;

  private constructor(
    readonly session: PipelineConversation,
    readonly fakes: FakeProviders,
    readonly detector: FakeVoiceDetector,
    readonly sink: RecordingSink,
    /** What was reported to the metrics. */
    readonly observed: readonly ConversationEvent[],
  ) {
    this.mic = new Microphone(session);
  }

  static async start(options: TestConversationOptions = {}): Promise<TestConversation> {
    const fakes = new FakeProviders(options);
    const { stt, llm, tts } = options.providers ?? fakes.asProviders(options.available);
    const sink = Object.assign(new RecordingSink(), options.output);
    const connection = sink.connection(options.start);
    const observed: ConversationEvent[] = [];
    const detector = new FakeVoiceDetector();
    const session = new PipelineConversation(connection, {
      policy: { ...POLICY, ...options.turns },
      stt: stt.available ? new SttStream(connection.options, stt.port) : undefined,
      llm: new LlmStream(llm.port, { maxTokens: MAX_TOKENS }),
      tts: tts.available ? new TtsStream(connection.options, tts.port) : undefined,
      fallbackSpeech: (stage) => (options.prepared === false ? undefined : preparedSpeech(stage)),
      detector: options.detector ?? detector,
      turnDetector: options.turnDetector ?? WORDS_TURN_DETECTOR,
      recorder: options.recordings,
      observe: (event) => observed.push(event),
      logger: RecordingLogger.current,
      clock: SYSTEM_CLOCK,
    });
    session.start();
    await settle();
    return new TestConversation(session, fakes, detector, sink, observed);
  }
}

/** Samples by which prepared speech is known; the fake voice counts up from 1. */
export const PREPARED_SAMPLE: Record<Stage, number> = { stt: -1, llm: -2, tts: -3 };

/** A second of it. */
const preparedSpeech = (stage: Stage): Int16Array => new Int16Array(24_000).fill(PREPARED_SAMPLE[stage]);
