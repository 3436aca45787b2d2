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
  /** What the listener's playback can do. Default: the same as a browser's. */
  output?: Partial<Pick<RecordingSink, 'maxLeadMs' | 'canPause' | 'audience'>>;
  available?: StagesAvailable;
  /** If false, there is no prepared audio for the sentences about failures. */
  prepared?: boolean;
  /** Default: the fakes. */
  providers?: TestProviders;
  /** If left out, nothing is recorded. */
  recordings?: Recorder;
  /** Default: the one that understands the test microphone. */
  detector?: VoiceDetector;
  /** Default: the one that judges by words. */
  turnDetector?: TurnDetector;
}

/** The default policy of a server, but without drafts unless a test sets them, so that the steps of a turn follow one another. */
const POLICY: TurnPolicy = { ...DEFAULT_TURN_POLICY, maxEarlyDrafts: 3, systemPrompt: 'You are a friendly voice assistant.' };
const MAX_TOKENS = 600;

/** One running conversation with fake providers, its microphone, and everything that was sent to its client. */
export class TestConversation {
  readonly mic: Microphone;

  private constructor(
    readonly session: PipelineConversation,
    readonly fakes: FakeProviders,
    readonly detector: FakeVoiceDetector,
    readonly sink: RecordingSink,
    /** The events that the metrics received. */
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

/** The sample values of prepared speech. Those of the fake voice count up from 1. */
export const PREPARED_SAMPLE: Record<Stage, number> = { stt: -1, llm: -2, tts: -3 };

/** One second of prepared speech. */
const preparedSpeech = (stage: Stage): Int16Array => new Int16Array(24_000).fill(PREPARED_SAMPLE[stage]);
