/** The part of a connection that a drain uses. */
export interface DrainedConnection {
  /** Whether an end would cut something off. */
  readonly isInTurn: boolean;
  /** Ends what runs on it because the server shuts down. */
  shutDown(): void;
}

/** How often it is looked whose time has come. It is also how long a turn may have begun unnoticed. */
const LOOK_MS = 100;

/**
 * When each of `count` connections may be ended, in ms from the beginning of a drain that takes `withinMs`. The first half belongs to the
 * conversations, which may end by themselves. The third quarter spreads the ends, so that not all clients turn to other servers at once, and the
 * last one is left for turns that are under way.
 */
export const endTimes = (count: number, withinMs: number): number[] =>
  Array.from({ length: count }, (_, index) => withinMs / 2 + (withinMs / 4) * (index / count));

/**
 * Ends connections during `withinMs`: each when its time has come and no turn is under way on it. Resolves when the time is over, or when
 * `isEmpty` says that none is left. What is still connected then is for the caller to end.
 */
export async function drain(
  connections: readonly DrainedConnection[],
  { withinMs, isEmpty }: { withinMs: number; isEmpty: () => boolean },
): Promise<void> {
  const startedAtMs = performance.now();
  const times = endTimes(connections.length, withinMs);
  const left = new Set(connections.keys());
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const passedMs = performance.now() - startedAtMs;
      for (const index of left) {
        if (passedMs < times[index] || connections[index].isInTurn) continue;
        left.delete(index);
        connections[index].shutDown();
      }
      if (passedMs < withinMs && !isEmpty()) return;
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(look, LOOK_MS);
    look();
  });
}
