import type { LanguageModel, SpeechToText, TextToSpeech } from '@parley/providers';
import {
  FakeLanguageModel,
  type FakeLanguageModelOptions,
  FakeSpeechToText,
  type FakeSpeechToTextOptions,
  FakeTextToSpeech,
  type FakeTextToSpeechOptions,
} from '@parley/testing';
import type { Vendors } from '../vendors/vendors';

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

/** Any three ports as the vendors of a server. */
export const vendorsOf = (
  { stt, llm, tts }: { stt: SpeechToText; llm: LanguageModel; tts: TextToSpeech },
  available: { stt?: boolean; tts?: boolean } = {},
): Vendors => ({
  stt: { port: stt, available: available.stt ?? true },
  llm: { port: llm, available: true },
  tts: { port: tts, available: available.tts ?? true },
});
