export const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** Calls `ask` repeatedly until `isDone` accepts the answer. Rejects with the last answer after `timeoutMs`. */
export async function poll<T>(what: string, ask: () => Promise<T>, isDone: (answer: T) => boolean, timeoutMs: number): Promise<T> {
  const endsAtMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (performance.now() > endsAtMs) throw new Error(`${what}: not within ${timeoutMs} ms; at last it was ${JSON.stringify(answer)}`);
    await sleep(50);
  }
}
