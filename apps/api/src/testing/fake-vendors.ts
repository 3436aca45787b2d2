import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import { type LanguageModel, ProviderHealth, type SpeechToText, type TextToSpeech } from '@parley/providers';
import {
  FakeLanguageModel,
  type FakeLanguageModelOptions,
  FakeSpeechToText,
  type FakeSpeechToTextOptions,
  FakeTextToSpeech,
  type FakeTextToSpeechOptions,
} from '@parley/testing';
import { ProviderSwitches } from '../providers/provider-switches';
import type { Vendors } from '../providers/vendors';
import { withFallbacks } from '../providers/with-fallbacks';

export interface FakeVendorOptions {
  stt?: FakeSpeechToTextOptions['script'];
  llm?: FakeLanguageModelOptions['script'];
  tts?: FakeTextToSpeechOptions['script'];
}

/** The three fakes. Left alone, the user is heard to ask for the time and gets two sentences. */
export class FakeVendors {
  readonly stt: FakeSpeechToText;
  readonly llm: FakeLanguageModel;
  readonly tts: FakeTextToSpeech;

  constructor({
    stt = () => ({ text: 'what time is it' }),
    llm = () => ({ tokens: ['It is ', 'three. ', 'Or four.'] }),
    tts = () => ({}),
  }: FakeVendorOptions = {}) {
    this.stt = new FakeSpeechToText({ info: { name: 'ears', simulated: false }, script: stt });
    this.llm = new FakeLanguageModel({ info: { name: 'mind', simulated: true }, script: llm });
    this.tts = new FakeTextToSpeech({ info: { name: 'mouth', simulated: false }, script: tts });
  }

  /** Sessions, utterances, replies and speeches that nobody has ended. */
  get open(): number {
    const { stt, llm, tts } = this;
    return stt.openSessions + stt.openUtterances + llm.openReplies + tts.openSessions + tts.openSpeeches;
  }

  asVendors(available: { stt?: boolean; tts?: boolean } = {}): Vendors {
    return vendorsOf(this, available);
  }
}

interface Ports {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
}

export interface VendorOptions {
  stt?: boolean;
  tts?: boolean;
  /** Asked when those before them fail. */
  fallbacks?: readonly Ports[];
  switches?: ProviderSwitches;
}

/** Any three ports as the vendors of a server, with the retries that those have. */
export function vendorsOf({ stt, llm, tts }: Ports, options: VendorOptions = {}): Vendors {
  const { fallbacks = [], switches = new ProviderSwitches() } = options;
  const named = <Port>(port: Port, index: number) => ({ name: `fallback ${index + 1}`, port });
  return withFallbacks(
    {
      stt: { port: stt, available: options.stt ?? true },
      llm: { port: llm, available: true },
      tts: { port: tts, available: options.tts ?? true },
    },
    {
      stt: fallbacks.map((ports, index) => named(ports.stt, index)),
      llm: fallbacks.map((ports, index) => named(ports.llm, index)),
      tts: fallbacks.map((ports, index) => named(ports.tts, index)),
    },
    DEFAULT_TURN_POLICY.stallTimeoutMs,
    { health: new ProviderHealth(), switches },
  );
}
