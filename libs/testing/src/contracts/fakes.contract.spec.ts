import type { ProviderErrorCode } from '@parley/providers';
import { FakeLanguageModel, type FakeReplyScript } from '../lib/fake-language-model';
import { FakeSpeechToText, type FakeUtteranceScript } from '../lib/fake-speech-to-text';
import { FakeTextToSpeech, type FakeSpeechScript } from '../lib/fake-text-to-speech';
import { FAILURE_CODES, PASSING_FAILURES, type ContractFailure } from './contract-failures';
import { fakeCalls } from './fake-calls';
import { describeLanguageModelContract, type WantedCall } from './language-model-contract';
import { describeSpeechToTextContract } from './speech-to-text-contract';
import { describeTextToSpeechContract } from './text-to-speech-contract';

/** The code that the nth piece of work fails with, if any. */
function codeFor(failure: ContractFailure | undefined, index: number): ProviderErrorCode | undefined {
  if (!failure || (index > 0 && PASSING_FAILURES.includes(failure))) return undefined;
  return FAILURE_CODES[failure];
}

describeSpeechToTextContract('fake', {
  makeHarness: (failure) => {
    const texts: string[] = [];
    let heard = 0;
    const stt = new FakeSpeechToText({
      script: (index) => {
        const code = codeFor(failure, index);
        // Evaluated lazily, because only utterances with audio have a text.
        let text: string | undefined;
        const script: FakeUtteranceScript = {
          finalDelayMs: 10,
          get text() {
            text ??= texts[heard++] ?? '';
            return text;
          },
          ...(code ? { failure: { code, at: 'final' as const } } : {}),
        };
        return script;
      },
    });
    return Promise.resolve({
      stt,
      hear: (...more) => void texts.push(...more),
      get openConnections() {
        return stt.openSessions;
      },
      get openWork() {
        return stt.openUtterances;
      },
      get begunWork() {
        return stt.utterances.filter(({ audioMs }) => audioMs > 0).length;
      },
      close: () => Promise.resolve(),
    });
  },
});

describeLanguageModelContract('fake', {
  makeHarness: (failure) => {
    let tokens: string[] = [];
    let wanted: readonly WantedCall[] = [];
    const model = new FakeLanguageModel({
      script: (request, index) => {
        const code = codeFor(failure, index);
        const script: FakeReplyScript = { tokens, toolCalls: fakeCalls(request, wanted), firstTokenMs: failure === 'stall' ? 20 : 0 };
        return code ? { ...script, failure: { code, afterTokens: 0 } } : script;
      },
    });
    return Promise.resolve({
      model,
      say: (text) => void (tokens = text.match(/\s*\S+/g) ?? []),
      call: (...tools) => void (wanted = tools),
      get openWork() {
        return model.openReplies;
      },
      get wordsSaid() {
        return model.replies.reduce((sum, reply) => sum + reply.tokens, 0);
      },
      close: () => Promise.resolve(),
    });
  },
});

describeTextToSpeechContract('fake', {
  makeHarness: (failure) => {
    const tts = new FakeTextToSpeech({
      script: (index): FakeSpeechScript => {
        const code = codeFor(failure, index);
        return code ? { failure: { code, afterChunks: 1 } } : {};
      },
    });
    return Promise.resolve({
      tts,
      get openConnections() {
        return tts.openSessions;
      },
      get openWork() {
        return tts.openSpeeches;
      },
      close: () => Promise.resolve(),
    });
  },
});
