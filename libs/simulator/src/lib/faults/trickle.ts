/** Lets bytes out one at a time, in their order. Its owner must stop it. */
export class Trickle {
  readonly #waiting: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly write: (byte: Buffer) => void) {}

  /** Adds bytes behind those that wait. `everyMs`: the time between two bytes. */
  push(data: string | Buffer, everyMs: number): void {
    this.#waiting.push(Buffer.from(data));
    this.#timer ??= setInterval(() => this.#next(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#waiting.length = 0;
  }

  #next(): void {
    const first = this.#waiting[0];
    if (first === undefined) return;
    if (first.length > 0) this.write(first.subarray(0, 1));
    if (first.length > 1) this.#waiting[0] = first.subarray(1);
    else this.#waiting.shift();
  }
}
