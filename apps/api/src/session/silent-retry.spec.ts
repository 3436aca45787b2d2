import { ProviderError } from '@parley/providers';
import { isRetryable, withSilentRetry } from './silent-retry';

const mended = (): ProviderError => new ProviderError('fake', 'connection_lost', 'gone');
const hopeless = (): ProviderError => new ProviderError('fake', 'auth', 'refused');

/** Streams that one after the other yield and then throw what is written down. */
function tries(...scripts: (number | Error)[][]): { start: () => AsyncIterable<number>; begun: () => number; left: number[] } {
  let begun = 0;
  const left: number[] = [];
  const start = (): AsyncIterable<number> => play(begun++);
  async function* play(index: number): AsyncGenerator<number> {
    try {
      for (const item of scripts[index] ?? []) {
        if (typeof item !== 'number') throw item;
        yield item;
      }
    } finally {
      left.push(index);
    }
  }
  return { start, begun: () => begun, left };
}

async function collect(items: AsyncIterable<number>): Promise<(number | unknown)[]> {
  const all: unknown[] = [];
  try {
    for await (const item of items) all.push(item);
  } catch (error) {
    all.push(error);
  }
  return all;
}

describe('withSilentRetry', () => {
  const { signal } = new AbortController();

  it('passes a stream on', async () => {
    const { start, begun } = tries([1, 2, 3]);
    expect(await collect(withSilentRetry(start, signal))).toEqual([1, 2, 3]);
    expect(begun()).toBe(1);
  });

  it('starts nothing before it is read', () => {
    const { start, begun } = tries([1]);
    withSilentRetry(start, signal);
    expect(begun()).toBe(0);
  });

  it('tries once more when nothing had come', async () => {
    const { start, begun } = tries([mended()], [1, 2]);
    expect(await collect(withSilentRetry(start, signal))).toEqual([1, 2]);
    expect(begun()).toBe(2);
  });

  it('does not try a third time, and throws the second error', async () => {
    const second = mended();
    const { start, begun } = tries([mended()], [second], [1]);
    const all = await collect(withSilentRetry(start, signal));
    expect(all).toHaveLength(1);
    expect(all[0]).toBe(second);
    expect(begun()).toBe(2);
  });

  it('does not try again after the first item', async () => {
    const error = mended();
    const { start, begun } = tries([1, error], [1, 2]);
    expect(await collect(withSilentRetry(start, signal))).toEqual([1, error]);
    expect(begun()).toBe(1);
  });

  it('does not try again after the first item of the second try', async () => {
    const error = mended();
    const { start, begun } = tries([mended()], [1, error], [1, 2]);
    expect(await collect(withSilentRetry(start, signal))).toEqual([1, error]);
    expect(begun()).toBe(2);
  });

  it.each([
    ['an error that another try does not mend', hopeless()],
    ['an error that is none of a vendor', new TypeError('x is not a function')],
  ])('does not try again after %s', async (_name, error) => {
    const { start, begun } = tries([error], [1]);
    expect(await collect(withSilentRetry(start, signal))).toEqual([error]);
    expect(begun()).toBe(1);
  });

  it('does not try again after an abort', async () => {
    const controller = new AbortController();
    const { start, begun } = tries([mended()], [1]);
    controller.abort();
    expect(await collect(withSilentRetry(start, controller.signal))).toHaveLength(1);
    expect(begun()).toBe(1);
  });

  it.each([
    ['first', tries([1, 2, 3])],
    ['second', tries([mended()], [1, 2, 3])],
  ])('closes the %s try when the reader leaves', async (_name, { start, begun, left }) => {
    for await (const item of withSilentRetry(start, signal)) {
      expect(item).toBe(1);
      break;
    }
    expect(left).toHaveLength(begun());
  });

  it.each([
    ['rate_limited', true],
    ['unavailable', true],
    ['timeout', true],
    ['connection_lost', true],
    ['bad_response', true],
    ['auth', false],
    ['quota', false],
    ['invalid_request', false],
    ['model_not_found', false],
  ] as const)('%s is worth a retry: %s', (code, expected) => {
    expect(isRetryable(new ProviderError('fake', code, 'no'))).toBe(expected);
  });

  it('goes by the vendor’s word where it has one', () => {
    expect(isRetryable(new ProviderError('fake', 'unavailable', 'no', { retryable: false }))).toBe(false);
  });
});
