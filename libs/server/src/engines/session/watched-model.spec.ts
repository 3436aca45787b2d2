import type { LlmEvent } from '@parley/providers';
import type { ModelUse } from '../../telemetry/observed-conversation';
import { watchedModel } from './watched-model';

type Model = Parameters<typeof watchedModel>[0];

const REQUEST = { messages: [{ role: 'user' as const, content: 'What time is it, please?' }] };

/** The requests to a model that writes these events, or does what they do. */
function watched(write: (signal: AbortSignal) => AsyncIterable<LlmEvent>) {
  const [asked, ended]: ModelUse[][] = [[], []];
  const model: Model = { open: () => undefined, stayWarm: () => undefined, generate: (_request, signal) => write(signal) };
  const port = watchedModel(model, { modelAsked: (use) => asked.push(use), modelEnded: (use) => ended.push({ ...use }) });
  return { port, asked, ended };
}

async function* events(...written: LlmEvent[]): AsyncGenerator<LlmEvent, void> {
  yield* written;
}

async function read(replies: AsyncIterable<LlmEvent>, most = Infinity): Promise<LlmEvent[]> {
  const all: LlmEvent[] = [];
  for await (const event of replies) {
    all.push(event);
    if (all.length >= most) break;
  }
  return all;
}

const TEXT: LlmEvent = { type: 'text', text: 'It is noon, and the sun shines.' };

describe('a language model that is watched', () => {
  it('passes the reply on and reports the tokens of the vendor', async () => {
    const end: LlmEvent = { type: 'end', finishReason: 'stop', usage: { promptTokens: 40, completionTokens: 12 } };
    const { port, asked, ended } = watched(() => events(TEXT, end));
    expect(await read(port.generate(REQUEST, new AbortController().signal))).toEqual([TEXT, end]);
    expect(asked).toHaveLength(1);
    expect(ended).toMatchObject([{ result: 'completed', finishReason: 'stop', inputTokens: 40, outputTokens: 12, isEstimated: false }]);
    const [{ requestedAtMs, firstChunkAtMs = 0, endedAtMs = 0 }] = ended;
    expect([requestedAtMs, firstChunkAtMs, endedAtMs]).toEqual([requestedAtMs, firstChunkAtMs, endedAtMs].sort((a, b) => a - b));
  });

  it('estimates the tokens that the vendor does not report', async () => {
    const { port, ended } = watched(() => events(TEXT, { type: 'end', finishReason: 'length' }));
    await read(port.generate(REQUEST, new AbortController().signal));
    expect(ended).toMatchObject([{ result: 'completed', finishReason: 'length', isEstimated: true }]);
    expect(ended[0]?.inputTokens).toBeGreaterThan(3);
    expect(ended[0]?.outputTokens).toBeGreaterThan(3);
  });

  it('reports a reply that is no longer read as cancelled, with the tokens so far, and stops the vendor', async () => {
    let isStopped = false;
    const { port, ended } = watched(async function* () {
      try {
        yield TEXT;
        yield TEXT;
      } finally {
        isStopped = true;
      }
    });
    await read(port.generate(REQUEST, new AbortController().signal), 1);
    expect(isStopped).toBe(true);
    expect(ended).toMatchObject([{ result: 'cancelled', isEstimated: true }]);
    expect(ended[0]?.outputTokens).toBeGreaterThan(3);
  });

  it('reports an aborted reply, which ends without an end, as cancelled', async () => {
    const { port, ended } = watched(() => events(TEXT));
    await read(port.generate(REQUEST, AbortSignal.abort()));
    expect(ended).toMatchObject([{ result: 'cancelled' }]);
  });

  it('reports a failure once and passes it on', async () => {
    const { port, ended } = watched(async function* () {
      yield TEXT;
      throw new Error('lost');
    });
    await expect(read(port.generate(REQUEST, new AbortController().signal))).rejects.toThrow('lost');
    expect(ended).toMatchObject([{ result: 'failed' }]);
  });
});
