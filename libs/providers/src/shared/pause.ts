/** Resolves after `durationMs` milliseconds (at once if that is 0), or as soon as `signal` aborts. Leaves no timer or listener behind. */
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
