import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import {
  FailoverLanguageModel,
  type FailoverOptions,
  FailoverSpeechToText,
  FailoverTextToSpeech,
  type LanguageModel,
  MeteredLanguageModel,
  MeteredSpeechToText,
  MeteredTextToSpeech,
  ProviderHealth,
  type SpeechToText,
  type TextToSpeech,
} from '@parley/providers';
import {
  FakeLanguageModel,
  type FakeLanguageModelOptions,
  FakeSpeechToText,
  type FakeSpeechToTextOptions,
  FakeTextToSpeech,
  type FakeTextToSpeechOptions,
} from '@parley/testing';

export interface FakeProviderOptions {
  stt?: FakeSpeechToTextOptions['script'];
  llm?: FakeLanguageModelOptions['script'];
  tts?: FakeTextToSpeechOptions['script'];
}

/** Fakes of the three stages. By default the recogniser hears a question about the time, and the model answers with two sentences. */
export class FakeProviders {
  readonly stt: FakeSpeechToText;
  readonly llm: FakeLanguageModel;
  readonly tts: FakeTextToSpeech;

  constructor({
    stt = () => ({ text: 'what time is it' }),
    llm = () => ({ tokens: ['It is ', 'three. ', 'Or four.'] }),
    tts = () => ({}),
  }: FakeProviderOptions = {}) {
    this.stt = new FakeSpeechToText({ info: { name: 'fake-stt', simulated: false }, script: stt });
    this.llm = new FakeLanguageModel({ info: { name: 'fake-llm', simulated: true }, script: llm });
    this.tts = new FakeTextToSpeech({ info: { name: 'fake-tts', simulated: false }, script: tts });
  }

  /** The number of sessions, utterances, replies and speeches that have not ended. */
  get open(): number {
    const { stt, llm, tts } = this;
    return stt.openSessions + stt.openUtterances + llm.openReplies + tts.openSessions + tts.openSpeeches;
  }

  asProviders(available: StagesAvailable = {}): TestProviders {
    return stageProvidersOf(this, available);
  }
}

export interface StagePorts {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
}

/** Which stages are available. Default: all. */
export interface StagesAvailable {
  stt?: boolean;
  tts?: boolean;
}

/** The providers of the pipeline's stages, and whether they are available. */
export type TestProviders = { [Stage in keyof StagePorts]: { port: StagePorts[Stage]; available: boolean } };

/** The providers give up this much earlier than the engine's limit for a stalled reply. */
const MARGIN_MS = 3_000;

/** Wraps three ports as the providers of conversations, with the same retries and counting as on a server. */
export function stageProvidersOf({ stt, llm, tts }: StagePorts, available: StagesAvailable = {}): TestProviders {
  const health = new ProviderHealth();
  const alone = <Port>(name: string, port: Port): FailoverOptions<Port> => ({
    health,
    stageTimeoutMs: DEFAULT_TURN_POLICY.stallTimeoutMs - MARGIN_MS,
    providers: [{ name, port }],
    onSwitch: () => undefined,
  });
  return {
    stt: { port: new FailoverSpeechToText(alone('stt', new MeteredSpeechToText(stt))), available: available.stt ?? true },
    llm: { port: new FailoverLanguageModel(alone('llm', new MeteredLanguageModel(llm))), available: true },
    tts: { port: new FailoverTextToSpeech(alone('tts', new MeteredTextToSpeech(tts))), available: available.tts ?? true },
  };
}
