/** Resolves after `durationMs` (at once when that is 0), or as soon as `signal` aborts. Leaves nothing behind. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (durationMs <= 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const timer = setTimeout(settle, durationMs);
    signal.addEventListener('abort', settle, { once: true });
  });
}
