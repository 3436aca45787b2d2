import { type FailoverOptions, ProviderHealth, type ProviderSwitch } from '@parley/providers';

/** Failover options for these ports, named `first`, `second` and so on, with a record of the switches it reported. */
export function failoverOf<Port>(first: Port, ...others: Port[]): FailoverOptions<Port> & { switches: ProviderSwitch[] } {
  const names = ['second', 'third', 'fourth'];
  const switches: ProviderSwitch[] = [];
  return {
    providers: [{ name: 'first', port: first }, ...others.map((port, index) => ({ name: names[index] ?? 'another', port }))],
    health: new ProviderHealth(),
    stageTimeoutMs: 12_000,
    onSwitch: (change) => switches.push(change),
    switches,
  };
}

/** Reads a stream to its end or its error, in the background. */
export function reading<T>(stream: AsyncIterable<T>): { items: T[]; done: Promise<unknown> } {
  const items: T[] = [];
  const read = async (): Promise<unknown> => {
    try {
      for await (const item of stream) items.push(item);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  return { items, done: read() };
}

/**
 * Advances jest's fake timers and `performance.now()`, and lets promises settle at every step. Needs `jest.useFakeTimers` without
 * `setImmediate`.
 */
export async function pass(durationMs: number): Promise<void> {
  await settle();
  for (let leftMs = durationMs; leftMs > 0; leftMs -= 20) {
    jest.advanceTimersByTime(Math.min(leftMs, 20));
    await settle();
  }
}

export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function startVirtualTime(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] });
}
