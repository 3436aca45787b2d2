import { ScriptedRecogniser, startSimulator, ToneSynthesiser } from '@parley/simulator';
import { ConversationClient, sleep } from '@parley/testing/client';
import { startKeyedServer } from './support/keyed-server';

const ROUNDS = 8;
const ENDLESS = Array.from({ length: 400 }, (_, index) => `Sentence number ${index} of a story that does not want to end. `);
/** Milliseconds from pressing the button until the vendor notices. The first bounds the median, the second every single case. */
const TARGET_MS = 30;
const LOOSE_BOUND_MS = 500;
const GIVE_UP_MS = 2_000;

/** Resolves with the time at which `isSo` holds; checks about every millisecond. */
async function momentOf(isSo: () => boolean): Promise<number> {
  const lateMs = performance.now() + GIVE_UP_MS;
  while (!isSo()) {
    if (performance.now() > lateMs) throw new Error('the vendors went on');
    await sleep(1);
  }
  return performance.now();
}

const median = (figures: readonly number[]): number => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;

describe('An interruption', () => {
  it('reaches the vendors at once and ends the model’s request and the speech synthesis in the middle of the reply', async () => {
    const vendors = await startSimulator({
      recogniser: new ScriptedRecogniser(),
      synthesiser: new ToneSynthesiser(),
      latency: { llmFirstTokenMs: 20, llmTokenGapMs: 20, ttsFirstChunkMs: 30 },
      limits: { elevenLabsSpeed: 1.2 },
      replies: { reply: () => ENDLESS },
    });
    const server = await startKeyedServer(vendors);
    const { openai, elevenLabs } = vendors.counters;
    const client = await ConversationClient.connect(server.url);
    const modelMs: number[] = [];
    const voiceMs: number[] = [];
    try {
      await client.start();
      for (let round = 1; round <= ROUNDS; round++) {
        client.send({ type: 'text_message', text: 'Tell me a story.' });
        await client.inbox.waitForState('AI_SPEAKING', round);
        await client.inbox.waitFor('the first sound', () => client.inbox.firstSpeechAtMs(round));
        await sleep(100 + 40 * round);
        expect(openai.requestsOpen).toBe(1);
        const cancelled = elevenLabs.contextsCancelled;
        const pressedAtMs = performance.now();
        client.send({ type: 'interrupt' });
        const [model, voice] = await Promise.all([
          momentOf(() => openai.requestsOpen === 0),
          momentOf(() => elevenLabs.contextsCancelled > cancelled),
        ]);
        modelMs.push(model - pressedAtMs);
        voiceMs.push(voice - pressedAtMs);
        await client.inbox.waitForState('USER_SPEAKING', round + 1);
      }
      process.stdout.write(
        `From the button to the vendors, median and most of ${ROUNDS}: ` +
          `model ${median(modelMs).toFixed(1)} / ${Math.max(...modelMs).toFixed(1)} ms, voice ${median(voiceMs).toFixed(1)} / ${Math.max(...voiceMs).toFixed(1)} ms\n`,
      );
      for (const delays of [modelMs, voiceMs]) {
        expect(median(delays)).toBeLessThanOrEqual(TARGET_MS);
        expect(Math.max(...delays)).toBeLessThan(LOOSE_BOUND_MS);
      }
      expect(client.inbox.messages('error')).toEqual([]);
    } finally {
      await client.close();
      await server.stop();
      await vendors.close();
    }
  });
});
