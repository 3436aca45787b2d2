/** The place of one conversation in the queue. */
export interface OpeningPlace {
  /** Leaves the queue. Returns false if the opening has already begun: it is not stopped, and frees its place when it is done. */
  leave(): boolean;
}

export interface OpeningQueueOptions {
  /** How many conversations may be opened at the same time. */
  maxOpening: number;
}

/** How many may wait for each that may be opened at the same time. Any more would have to wait too long. */
const WAITING_PER_OPENING = 10;

/** Limits how many conversations are opened at the same time. The others wait, in order of arrival. Shared by all connections. */
export class OpeningQueue {
  private readonly waiting: (() => Promise<void>)[] = [];
  private openingCount = 0;

  constructor(private readonly options: OpeningQueueOptions) {}

  get opening(): number {
    return this.openingCount;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  /**
   * Calls `open` at once or later, in order of arrival. The place is taken until the promise of `open` settles, which must not reject. Returns
   * undefined if too many are waiting.
   */
  join(open: () => Promise<void>): OpeningPlace | undefined {
    if (this.openingCount < this.options.maxOpening) this.begin(open);
    else if (this.waiting.length < this.options.maxOpening * WAITING_PER_OPENING) this.waiting.push(open);
    else return undefined;
    return { leave: () => this.remove(open) };
  }

  private begin(open: () => Promise<void>): void {
    this.openingCount += 1;
    void open().finally(() => {
      this.openingCount -= 1;
      const next = this.waiting.shift();
      if (next) this.begin(next);
    });
  }

  private remove(open: () => Promise<void>): boolean {
    const index = this.waiting.indexOf(open);
    if (index >= 0) this.waiting.splice(index, 1);
    return index >= 0;
  }
}
