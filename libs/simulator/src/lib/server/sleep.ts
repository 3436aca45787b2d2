/** Waits; resolves true when the time has passed, false as soon as `signal` is aborted. Leaves no timer and no listener behind. */
export function sleep(durationMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', onAbort);
        resolve(true);
      },
      Math.max(0, durationMs),
    );
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
