import {
  ElevenLabsTextToSpeech,
  FailoverLanguageModel,
  type FailoverOptions,
  FailoverSpeechToText,
  FailoverTextToSpeech,
  OpenAiLanguageModel,
  ProviderHealth,
  type ProviderErrorCode,
} from '@parley/providers';
import { FakeLanguageModel } from '../lib/fake-language-model';
import { FakeSpeechToText, type FakeUtteranceScript } from '../lib/fake-speech-to-text';
import { FakeTextToSpeech } from '../lib/fake-text-to-speech';
import { FAILURE_CODES, PASSING_FAILURES, type ContractFailure } from './contract-failures';
import { fakeCalls } from './fake-calls';
import { describeLanguageModelContract, type WantedCall } from './language-model-contract';
import { injectFailure, startQuickSimulator } from './simulator-harness';
import { describeSpeechToTextContract } from './speech-to-text-contract';
import { describeTextToSpeechContract } from './text-to-speech-contract';

// The vendor's SDK loads slowly.
beforeAll(async () => void (await import('@elevenlabs/elevenlabs-js')), 60_000);

/** The first try and its retry. */
const TRIES = 2;

/** The code that the nth piece of work of a provider fails with, if any. Temporary failures end after the attempts of one call. */
function codeFor(failure: ContractFailure | undefined, index: number): ProviderErrorCode | undefined {
  if (!failure || (index >= TRIES && PASSING_FAILURES.includes(failure))) return undefined;
  return FAILURE_CODES[failure];
}

function failover<Port>(first: Port, ...others: Port[]): FailoverOptions<Port> {
  const named = (port: Port, index: number) => ({ name: `provider ${index}`, port });
  return { providers: [named(first, 0), ...others.map((port, index) => named(port, index + 1))], health: new ProviderHealth() };
}

const count = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

for (const providers of [1, 2]) {
  const name = providers === 1 ? 'failover, a retry' : 'failover, a retry and a second provider';

  describeSpeechToTextContract(name, {
    makeHarness: (failure) => {
      const texts: string[] = [];
      let heard = 0;
      const fakes = Array.from(
        { length: providers },
        (_, provider) =>
          new FakeSpeechToText({
            script: (index) => {
              const code = codeFor(failure, index);
              // Evaluated lazily, because only utterances with audio have a text. A second attempt gets the same text again.
              let text: string | undefined;
              const isAgain = code !== undefined && (index > 0 || provider > 0);
              const script: FakeUtteranceScript = {
                finalDelayMs: 10,
                get text() {
                  text ??= isAgain ? '' : (texts[heard++] ?? '');
                  return text;
                },
                ...(code ? { failure: { code, at: 'final' as const } } : {}),
              };
              return script;
            },
          }),
      );
      const [first, ...others] = fakes;
      if (!first) throw new Error('there is no provider');
      return Promise.resolve({
        stt: new FailoverSpeechToText(failover(first, ...others)),
        hear: (...more) => void texts.push(...more),
        get openConnections() {
          return count(fakes, ({ openSessions }) => openSessions);
        },
        get openWork() {
          return count(fakes, ({ openUtterances }) => openUtterances);
        },
        get begunWork() {
          return count(fakes, ({ utterances }) => utterances.filter(({ audioMs }) => audioMs > 0).length);
        },
        close: () => Promise.resolve(),
      });
    },
  });

  describeLanguageModelContract(name, {
    makeHarness: (failure) => {
      let tokens: string[] = [];
      let wanted: readonly WantedCall[] = [];
      const fakes = Array.from(
        { length: providers },
        () =>
          new FakeLanguageModel({
            script: (request, index) => {
              const code = codeFor(failure, index);
              const script = { tokens, toolCalls: fakeCalls(request, wanted), firstTokenMs: failure === 'stall' ? 20 : 0 };
              return code ? { ...script, failure: { code, afterTokens: 0 } } : script;
            },
          }),
      );
      const [first, ...others] = fakes;
      if (!first) throw new Error('there is no provider');
      return Promise.resolve({
        model: new FailoverLanguageModel(failover(first, ...others)),
        say: (text) => void (tokens = text.match(/\s*\S+/g) ?? []),
        call: (...tools) => void (wanted = tools),
        get openWork() {
          return count(fakes, ({ openReplies }) => openReplies);
        },
        get wordsSaid() {
          return count(fakes, ({ replies }) => count(replies, (reply) => reply.tokens));
        },
        close: () => Promise.resolve(),
      });
    },
  });

  describeTextToSpeechContract(name, {
    makeHarness: (failure) => {
      const fakes = Array.from(
        { length: providers },
        () =>
          new FakeTextToSpeech({
            script: (index) => {
              const code = codeFor(failure, index);
              return code ? { failure: { code, afterChunks: 1 } } : {};
            },
          }),
      );
      const [first, ...others] = fakes;
      if (!first) throw new Error('there is no provider');
      return Promise.resolve({
        tts: new FailoverTextToSpeech(failover(first, ...others)),
        get openConnections() {
          return count(fakes, ({ openSessions }) => openSessions);
        },
        get openWork() {
          return count(fakes, ({ openSpeeches }) => openSpeeches);
        },
        close: () => Promise.resolve(),
      });
    },
  });
}

describeLanguageModelContract('failover, OpenAI with a retry', {
  makeHarness: async (failure) => {
    let reply = '';
    let calls: readonly WantedCall[] = [];
    const { simulator } = await startQuickSimulator({
      replies: { reply: () => [reply], toolCalls: (messages) => (messages.at(-1)?.role === 'tool' ? [] : calls) },
    });
    for (let times = 0; times < TRIES; times += 1) injectFailure(simulator, 'openai', failure);
    const openAi = new OpenAiLanguageModel({
      apiKey: failure === 'auth' ? 'bad' : 'good',
      baseURL: simulator.urls.openai,
      models: ['gpt-4o'],
      simulated: true,
      firstTokenTimeoutMs: failure === 'stall' ? 400 : 2_000,
      idleTimeoutMs: failure === 'stall' ? 400 : 2_000,
    });
    const { openai } = simulator.counters;
    return {
      model: new FailoverLanguageModel(failover(openAi)),
      say: (text) => void (reply = text),
      call: (...tools) => void (calls = tools),
      get openWork() {
        return openai.requestsOpen;
      },
      get wordsSaid() {
        return openai.tokens;
      },
      close: () => simulator.close(),
    };
  },
});

describeTextToSpeechContract('failover, ElevenLabs with a retry', {
  makeHarness: async (failure) => {
    const { simulator } = await startQuickSimulator();
    for (let times = 0; times < TRIES; times += 1) injectFailure(simulator, 'elevenlabs', failure);
    const elevenLabsVoice = new ElevenLabsTextToSpeech({
      apiKey: failure === 'auth' ? 'bad' : 'good',
      baseUrl: simulator.urls.elevenLabs,
      voiceId: '21m00Tcm4TlvDq8ikWAM',
      modelId: 'eleven_flash_v2_5',
      simulated: true,
      ...(failure === 'stall' ? { firstAudioTimeoutMs: 400, gapTimeoutMs: 400 } : {}),
      random: () => 0,
    });
    const { elevenLabs } = simulator.counters;
    return {
      tts: new FailoverTextToSpeech(failover(elevenLabsVoice)),
      get openConnections() {
        return elevenLabs.socketsOpen;
      },
      get openWork() {
        return elevenLabs.contextsOpened - elevenLabs.contextsClosed + elevenLabs.requestsOpen;
      },
      close: () => simulator.close(),
    };
  },
});
