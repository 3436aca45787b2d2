const SAMPLES_PER_MS = 16;

/** What the user says while the agent cannot hear: bounded, the oldest goes first. */
export class AudioBacklog {
  private pieces: Int16Array[] = [];
  private samples = 0;

  constructor(private readonly capacityMs: number) {}

  get durationMs(): number {
    return this.samples / SAMPLES_PER_MS;
  }

  /** Copies `pcm` (s16 mono 16 kHz). False when older audio was dropped for it. */
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

  /** All of it, oldest first; it is empty then. */
  take(): Int16Array[] {
    const { pieces } = this;
    this.pieces = [];
    this.samples = 0;
    return pieces;
  }
}
