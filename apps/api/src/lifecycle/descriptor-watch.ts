import { open } from 'node:fs/promises';

export interface DescriptorWatchOptions {
  log: (line: { message: string; code?: string }) => void;
  /** Takes a file descriptor and gives it back. Rejects if there is none. */
  take?: () => Promise<void>;
}

const LOOK_MS = 5_000;
/** The process has no file descriptors left, or the machine. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);

const takeOne = async (): Promise<void> => (await open('/dev/null')).close();

/**
 * Says once that the process has no file descriptors left, and once that it has some again. Node closes the connections that it cannot accept
 * then, without a word. Returns a function that ends the watch.
 */
export function watchDescriptors({ log, take = takeOne }: DescriptorWatchOptions): () => void {
  let isExhausted = false;
  const look = async (): Promise<void> => {
    const code = await take().then(
      () => undefined,
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : undefined),
    );
    if (EXHAUSTED.has(code) === isExhausted) return;
    isExhausted = !isExhausted;
    if (isExhausted)
      log({ message: 'there are no file descriptors left; new connections are closed (see ulimit -n)', ...(code && { code }) });
    else log({ message: 'there are file descriptors again' });
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return () => clearInterval(timer);
}
