/** Shorter looks are too uncertain, because bytes leave in bursts. Milliseconds. */
const SHORTEST_LOOK_MS = 1_000;

/**
 * Measures how fast a client takes what is sent to it. Only while bytes wait to be sent does that say anything about its line: otherwise the
 * line could carry more.
 */
export class LineSpeed {
  private sentBytes = 0;
  /** Since then bytes have been waiting all the time. */
  private start: { atMs: number; takenBytes: number } | undefined;

  constructor(private readonly now: () => number) {}

  /** Bytes were given to the socket. */
  sent(bytes: number): void {
    this.sentBytes += bytes;
  }

  /** The speed in bytes per second since the last one that was returned, with the bytes that wait now; `undefined` if it is not known. */
  look(waitingBytes: number): number | undefined {
    const atMs = this.now();
    const takenBytes = this.sentBytes - waitingBytes;
    const { start } = this;
    if (waitingBytes === 0 || !start) {
      this.start = waitingBytes === 0 ? undefined : { atMs, takenBytes };
      return undefined;
    }
    if (atMs - start.atMs < SHORTEST_LOOK_MS) return undefined;
    this.start = { atMs, takenBytes };
    return ((takenBytes - start.takenBytes) * 1000) / (atMs - start.atMs);
  }
}
