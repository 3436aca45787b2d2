const SAMPLES_PER_MS = 16;

/** Keeps what the user says while there is no connection to the agent. Its length is limited; the oldest audio is dropped first. */
export class AudioBacklog {
  private pieces: Int16Array[] = [];
  private samples = 0;

  constructor(private readonly capacityMs: number) {}

  get durationMs(): number {
    return this.samples / SAMPLES_PER_MS;
  }

  /** Appends a copy of `pcm` (16-bit mono at 16 kHz). Returns false if older audio was dropped to make room. */
  push(pcm: Int16Array): boolean {
    this.pieces.push(pcm.slice());
    this.samples += pcm.length;
    let dropped = false;
    while (this.durationMs > this.capacityMs && this.pieces.length > 1) {
      this.samples -= this.pieces.shift()?.length ?? 0;
      dropped = true;
    }
    return !dropped;
  }

  /** Removes and returns all of it, oldest first. */
  take(): Int16Array[] {
    const { pieces } = this;
    this.pieces = [];
    this.samples = 0;
    return pieces;
  }
}
