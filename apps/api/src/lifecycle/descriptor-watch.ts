import { type FileHandle, open } from 'node:fs/promises';

export interface DescriptorWatchOptions {
  log: (line: { message: string; code?: string }) => void;
  /** Takes a few file descriptors and gives them back. Rejects if there are not so many. */
  take?: () => Promise<void>;
}

const LOOK_MS = 5_000;
/** The process has no file descriptors left, or the machine. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);

/** Fewer are as good as none: Node itself keeps one free, with which it closes what it cannot accept. */
const FEW = 8;

async function takeFew(): Promise<void> {
  const taken: FileHandle[] = [];
  try {
    for (let count = 0; count < FEW; count++) taken.push(await open('/dev/null'));
  } finally {
    for (const handle of taken) await handle.close();
  }
}

/**
 * Says once that the process has no file descriptors left, and once that it has some again. Node closes the connections that it cannot accept
 * then, without a word. Returns a function that ends the watch.
 */
export function watchDescriptors({ log, take = takeFew }: DescriptorWatchOptions): () => void {
  let isExhausted = false;
  const look = async (): Promise<void> => {
    const code = await take().then(
      () => undefined,
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : undefined),
    );
    if (EXHAUSTED.has(code) === isExhausted) return;
    isExhausted = !isExhausted;
    if (isExhausted) log({ message: 'no file descriptors are left, so new connections are closed (see ulimit -n)', ...(code && { code }) });
    else log({ message: 'there are file descriptors again' });
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return () => clearInterval(timer);
}
