import type { Stage, TurnPolicy } from '@parley/conversation';
import type { ConversationEvent, ConversationOptions } from '@parley/engine';
import { LlmStream } from '../engines/llm/llm.stream';
import type { Recordings } from '../engines/recording/recordings';
import { Session } from '../engines/session/session';
import type { VoiceDetector } from '../engines/session/voice-detector';
import { SttStream } from '../engines/stt/stt.stream';
import { TtsStream } from '../engines/tts/tts.stream';
import type { Vendors } from '../providers/vendors';
import { FakeVendors, type FakeVendorOptions } from './fake-vendors';
import { FakeVoiceDetector } from './fake-voice-detector';
import { Microphone } from './microphone';
import { RecordingSink } from './recording-sink';
import { testSettings } from './test-settings';
import { settle } from './virtual-time';

export interface TestConversationOptions extends FakeVendorOptions {
  turns?: Partial<TurnPolicy>;
  start?: Partial<ConversationOptions>;
  available?: { stt?: boolean; tts?: boolean };
  /** False: no sentences are ready for failures. */
  prepared?: boolean;
  /** In place of the fakes. */
  vendors?: Vendors;
  /** Without them nothing is recorded. */
  recordings?: Pick<Recordings, 'begin' | 'finish'>;
  /** In place of the one that hears the test microphone. */
  detector?: VoiceDetector;
}

/** One running conversation: a session on fake vendors, its microphone, and everything its client was sent. */
export class TestConversation {
  readonly mic: Microphone;

  private constructor(
    readonly session: Session,
    readonly fakes: FakeVendors,
    readonly detector: FakeVoiceDetector,
    readonly sink: RecordingSink,
    /** What was reported to the metrics. */
    readonly observed: readonly ConversationEvent[],
  ) {
    this.mic = new Microphone(session);
  }

  static async start(options: TestConversationOptions = {}): Promise<TestConversation> {
    const fakes = new FakeVendors(options);
    const vendors = options.vendors ?? fakes.asVendors(options.available);
    const settings = testSettings({}, options.turns);
    const sink = new RecordingSink();
    const connection = sink.connection(options.start);
    const observed: ConversationEvent[] = [];
    const detector = new FakeVoiceDetector();
    const session = new Session(
      connection,
      settings,
      { observe: () => (event) => observed.push(event) },
      vendors,
      () => options.detector ?? detector,
      new SttStream(connection, vendors.stt.port),
      new LlmStream(vendors.llm.port, settings),
      new TtsStream(connection, vendors.tts.port),
      { audioFor: (stage) => (options.prepared === false ? undefined : preparedSpeech(stage)) },
      options.recordings ?? { begin: () => undefined, finish: () => undefined },
    );
    session.start();
    await settle();
    return new TestConversation(session, fakes, detector, sink, observed);
  }
}

/** Samples by which prepared speech is known; the fake voice counts up from 1. */
export const PREPARED_SAMPLE: Record<Stage, number> = { stt: -1, llm: -2, tts: -3 };

/** A second of it. */
const preparedSpeech = (stage: Stage): Int16Array => new Int16Array(24_000).fill(PREPARED_SAMPLE[stage]);
