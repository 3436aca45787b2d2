import { PooledUtterance, type UtteranceLine, type UtteranceOutcome } from './pooled-utterance.ts';
import type { Recognition } from './ports.ts';

const RECOGNITION: Recognition = { text: 'stop', words: [{ word: 'stop', startMs: 0, endMs: 300, probability: 0.9 }], confidence: 0.9 };
const SECOND = 16_000;

function make(options: { endTimeoutMs?: number; maxQueuedMs?: number } = {}) {
  const outcomes: UtteranceOutcome[] = [];
  const sent: (number[] | 'end')[] = [];
  const utterance = new PooledUtterance({
    endTimeoutMs: options.endTimeoutMs ?? 10_000,
    maxQueuedMs: options.maxQueuedMs ?? 60_000,
    onSettled: (outcome) => outcomes.push(outcome),
  });
  const line: UtteranceLine = { audio: (pcm) => sent.push([...pcm]), end: () => sent.push('end') };
  return { utterance, line, outcomes, sent };
}

describe('PooledUtterance', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('keeps audio and the end, in order and unchanged, until it has a process', async () => {
    const { utterance, line, sent, outcomes } = make();
    const frame = Int16Array.of(1, 2);
    utterance.push(frame);
    frame.fill(9);
    utterance.push(frame);
    const result = utterance.end();
    utterance.attach(line);

    expect(sent).toEqual([[1, 2], [9, 9], 'end']);
    utterance.finish(RECOGNITION);
    await expect(result).resolves.toBe(RECOGNITION);
    expect(utterance.partial).toBe('stop');
    expect(outcomes).toEqual(['finished']);
  });

  it('passes audio on at once when it has a process, and none after the end', async () => {
    const { utterance, line, sent } = make();
    utterance.attach(line);
    utterance.push(Int16Array.of(1));
    utterance.hear('st');
    expect(utterance.partial).toBe('st');
    const first = utterance.end();
    utterance.push(Int16Array.of(2));
    expect(utterance.end()).toBe(first);
    expect(sent).toEqual([[1], 'end']);
    utterance.finish(RECOGNITION);
    await first;
  });

  it('fails when no process becomes free before its audio limit is reached', async () => {
    const { utterance, line, outcomes, sent } = make({ maxQueuedMs: 2000 });
    utterance.push(new Int16Array(2 * SECOND));
    expect(outcomes).toEqual([]);
    utterance.push(new Int16Array(1));

    expect(outcomes).toEqual(['failed']);
    await expect(utterance.end()).rejects.toThrow('no recogniser was free during 2 s of audio');
    utterance.attach(line);
    expect(sent).toEqual([]);
  });

  it('times out once, and ignores a late answer', async () => {
    const { utterance, line, outcomes } = make({ endTimeoutMs: 500 });
    utterance.attach(line);
    const result = utterance.end();
    jest.advanceTimersByTime(499);
    expect(outcomes).toEqual([]);
    jest.advanceTimersByTime(1);
    utterance.finish(RECOGNITION);

    await expect(result).rejects.toThrow('did not answer in 0.5 s');
    expect(outcomes).toEqual(['timed-out']);
  });

  it('resolves a cancelled end with an empty result, and may be cancelled again', async () => {
    const { utterance, line, outcomes } = make();
    utterance.attach(line);
    const result = utterance.end();
    utterance.cancel();
    utterance.cancel();
    utterance.hear('late');

    await expect(result).resolves.toEqual({ text: '', words: [], confidence: 0 });
    await expect(utterance.end()).resolves.toEqual({ text: '', words: [], confidence: 0 });
    expect(outcomes).toEqual(['cancelled']);
    expect(utterance.partial).toBe('');
  });

  it('reports a failure that came before the end when the end is asked for', async () => {
    const { utterance, outcomes } = make();
    utterance.fail('the recogniser stopped');
    utterance.push(Int16Array.of(1));
    await expect(utterance.end()).rejects.toThrow('the recogniser stopped');
    utterance.cancel();
    expect(outcomes).toEqual(['failed']);
  });
});
