import {
  FailoverLanguageModel,
  FailoverTextToSpeech,
  type LlmRequest,
  type ProviderErrorCode,
  type SpeechChunk,
  type TextToSpeech,
} from '@parley/providers';
import * as fc from 'fast-check';
import { FakeLanguageModel } from '../lib/fake-language-model';
import { FakeTextToSpeech } from '../lib/fake-text-to-speech';
import { failoverOf, reading } from './composite';

const SEED = 20_261_120;
/** Many cases on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
const RATE_HZ = 8_000;
const never = () => new AbortController().signal;

/** All codes except the rate limit, which waits in real time. */
const codes = fc.constantFrom<ProviderErrorCode>(
  'auth',
  'quota',
  'invalid_request',
  'unavailable',
  'timeout',
  'connection_lost',
  'bad_response',
);
/** Different words, of which none is the beginning of another. */
const words = (count: number): string[] => Array.from({ length: count }, (_, index) => `w${String(index).padStart(3, '0')}`);

interface Flaky {
  /** Chunks or tokens before its first and its second failure. */
  failsAfter: readonly [number, number];
  code: ProviderErrorCode;
}

const flaky: fc.Arbitrary<Flaky> = fc.record({ failsAfter: fc.tuple(fc.nat(30), fc.nat(30)), code: codes });

describe('speech that fails at any point', () => {
  const voices = fc.record({ flaky, chunkMs: fc.integer({ min: 20, max: 400 }), msPerCharacter: fc.integer({ min: 40, max: 90 }) });

  /** The voice, recording what each of its calls has voiced; without alignment if `tells` is false. */
  function recorded(tts: FakeTextToSpeech, calls: string[], tells: boolean): TextToSpeech {
    return {
      info: tts.info,
      prepare: () => tts.prepare(),
      voices: () => tts.voices(),
      open: (options, signal) => {
        const session = tts.open(options, signal);
        return {
          close: () => session.close(),
          async *speak(text, stop) {
            const call = calls.push('') - 1;
            for await (const chunk of session.speak(text, stop)) {
              calls[call] += chunk.alignment?.chars.join('') ?? '';
              yield tells ? chunk : { pcm: chunk.pcm };
            }
          },
        };
      },
    };
  }

  async function speak(
    sentences: readonly string[],
    faulty: readonly { flaky: Flaky; chunkMs: number; msPerCharacter: number }[],
    tells: boolean,
  ): Promise<{ calls: string[]; chunks: SpeechChunk[]; error: unknown }> {
    const calls: string[] = [];
    const ports = faulty.map(({ flaky: { failsAfter, code }, chunkMs, msPerCharacter }) =>
      recorded(
        new FakeTextToSpeech({
          script: (index) => ({ chunkMs, msPerCharacter, failure: { code, afterChunks: failsAfter[index] ?? 0 } }),
        }),
        calls,
        tells,
      ),
    );
    const last = recorded(new FakeTextToSpeech(), calls, tells);
    const [first = last, ...others] = [...ports, last];
    const session = new FailoverTextToSpeech(failoverOf(first, ...others)).open({ sampleRateHz: RATE_HZ }, never());
    async function* text(): AsyncGenerator<string> {
      yield* sentences;
    }
    const { items, done } = reading(session.speak(text(), never()));
    const error = await done;
    await session.close();
    return { calls, chunks: items, error };
  }

  /** The words that were voiced to their end, over all calls. */
  const wholeWords = (calls: readonly string[]): string[] => calls.flatMap((call) => call.match(/w\d{3}/g) ?? []);

  const texts = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 }).map((lengths) => {
    const all = words(lengths.reduce((sum, length) => sum + length, 0));
    return lengths.map((length) => `${all.splice(0, length).join(' ')}.`);
  });

  it(
    'is complete, in order, and repeats no word, if the last voice works',
    async () => {
      await fc.assert(
        fc.asyncProperty(texts, fc.array(voices, { maxLength: 3 }), async (sentences, faulty) => {
          const { calls, chunks, error } = await speak(sentences, faulty, true);
          expect(error).toBeUndefined();
          expect(wholeWords(calls)).toEqual(sentences.join(' ').match(/w\d{3}/g));
          expectTimes(chunks);
        }),
        { seed: SEED, numRuns: 200 },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'repeats no word and keeps the order, even if the voices give no alignment',
    async () => {
      await fc.assert(
        fc.asyncProperty(texts, fc.array(voices, { maxLength: 3 }), async (sentences, faulty) => {
          const { calls } = await speak(sentences, faulty, false);
          const said = wholeWords(calls);
          expect(said).toEqual([...new Set(said)].sort());
        }),
        { seed: SEED, numRuns: 200 },
      );
    },
    TIMEOUT_MS,
  );

  /** Each character is spoken within the chunk that it came with. */
  function expectTimes(chunks: readonly SpeechChunk[]): void {
    let atMs = 0;
    for (const { pcm, alignment } of chunks) {
      const untilMs = atMs + (pcm.length * 1000) / RATE_HZ;
      for (const startMs of alignment?.startMs ?? []) {
        expect(startMs).toBeGreaterThanOrEqual(atMs - 1);
        expect(startMs).toBeLessThan(untilMs + 1);
      }
      atMs = untilMs;
    }
  }
});

describe('a reply that fails at any point', () => {
  type Manner = 'goes on' | 'begins anew' | 'repeats the end';
  const manners = fc.constantFrom<Manner>('goes on', 'begins anew', 'repeats the end');
  const minds = fc.record({ flaky, manner: manners, tokenLength: fc.integer({ min: 1, max: 9 }) });

  /** How a model of this manner answers a request for all of `reply`, or for the rest of it. */
  function answer(reply: string, request: LlmRequest, manner: Manner): string {
    const last = request.messages.at(-1);
    if (last?.role !== 'assistant' || manner === 'begins anew') return reply;
    const said = last.content.trimEnd();
    // A word that was cut off is repeated from its beginning.
    const wordStart =
      /[\s.]$/.test(said) || reply[said.length] === ' ' || reply[said.length] === '.' ? said.length : said.lastIndexOf(' ') + 1;
    return manner === 'goes on' ? reply.slice(wordStart).trimStart() : reply.slice(Math.max(0, reply.lastIndexOf(' ', wordStart - 12) + 1));
  }

  const tokens = (text: string, length: number): string[] => text.match(new RegExp(`.{1,${length}}`, 'gs')) ?? [];

  it(
    'is complete and repeats nothing, if the last model works',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.array(minds, { maxLength: 3 }), minds, async (count, faulty, working) => {
          const reply = `${words(count).join(' ')}.`;
          const model = ({ manner, tokenLength }: typeof working, script?: Flaky): FakeLanguageModel =>
            new FakeLanguageModel({
              script: (request, index) => ({
                tokens: tokens(answer(reply, request, manner), tokenLength),
                ...(script && { failure: { code: script.code, afterTokens: script.failsAfter[index] ?? 0 } }),
              }),
            });
          const last = model(working);
          const [first = last, ...others] = [...faulty.map((script) => model(script, script.flaky)), last];
          const request: LlmRequest = { messages: [{ role: 'user', content: 'Count.' }] };
          const { items, done } = reading(new FailoverLanguageModel(failoverOf(first, ...others)).generate(request, never()));
          expect(await done).toBeUndefined();
          expect(items.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(reply);
          expect(items.filter(({ type }) => type === 'end')).toHaveLength(1);
        }),
        { seed: SEED, numRuns: 400 },
      );
    },
    TIMEOUT_MS,
  );
});
