/** A place among the conversations that are to be opened. */
export interface OpeningPlace {
  /** Gives the place up. False when its turn has come already: what has begun is not stopped, and gives the place back itself. */
  leave(): boolean;
}

export interface OpeningQueueOptions {
  /** Conversations that are opened at the same time. */
  maxOpening: number;
}

/** Waiting conversations for each that may be opened at once; more than these would wait for too long to be of use. */
const WAITING_PER_OPENING = 10;

/** Lets so many conversations be opened at once and no more; the others wait their turn, in the order in which they came. Shared by all. */
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

  /** Calls `open` at once or in its turn; its place is taken until the promise settles, and it never rejects. Undefined: too many wait. */
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
