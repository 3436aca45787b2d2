/** Volume of a ducked turn. */
const DUCK_GAIN = 0.1;

/** Lengths of the volume changes, in samples. */
export interface TurnVolumeOptions {
  /** Samples from the turn's own volume to the ducked one, and back. */
  readonly duckSamples: number;
  /** Samples from the turn's volume to a pause, and back. */
  readonly holdSamples: number;
}

/**
 * The volume of each sample of a turn: ducked or not, and fading into a pause or out of it. One turn plays at a time, and only the turn of
 * the last call is ducked or held. Allocates nothing.
 */
export class TurnVolume {
  private readonly duckStep: number;
  private readonly holdSteps: number;
  private duckedTurn: number | undefined;
  private heldTurn: number | undefined;
  private gain = 1;
  /** From 0 (paused) to `holdSteps` (playing). It is counted, so that both fades go through the same values. */
  private step: number;

  constructor({ duckSamples, holdSamples }: TurnVolumeOptions) {
    this.duckStep = (1 - DUCK_GAIN) / Math.max(1, duckSamples);
    this.holdSteps = holdSamples + 1;
    this.step = this.holdSteps;
  }

  /** Lowers the turn to a tenth of its volume, or restores its own volume. */
  duck(turn: number, active: boolean): void {
    if (active) this.duckedTurn = turn;
    else if (this.duckedTurn === turn) this.duckedTurn = undefined;
  }

  /** Pauses the turn with a fade, or lets it continue. Turns before the held one are not held any more. */
  hold(turn: number, active: boolean): void {
    if (!active) this.release(turn);
    else this.heldTurn = Math.max(turn, this.heldTurn ?? turn);
  }

  /** The turn, and any before it, is not held any more. */
  release(turn: number): void {
    if (this.heldTurn !== undefined && this.heldTurn <= turn) this.heldTurn = undefined;
  }

  isHeld(turn: number): boolean {
    return turn === this.heldTurn;
  }

  /** Whether the turn is silent, because it is paused or has not resumed yet. */
  get isSilent(): boolean {
    return this.step === 0;
  }

  /** The turn's first sample is next: it begins at its volume. */
  begin(turn: number): void {
    this.gain = this.targetOf(turn);
    this.step = this.holdSteps;
  }

  /** Pauses at once, because there is nothing left to fade. */
  stop(): void {
    this.step = 0;
  }

  /**
   * Returns the volume of the turn's next sample. 0 means that the turn is paused and the sample must stay in the buffer. A turn that
   * `isClosing` fades out by itself, from its current volume.
   */
  next(turn: number, isClosing: boolean): number {
    if (!isClosing) this.move(turn);
    return this.gain * (this.step / this.holdSteps);
  }

  /** No turn is ducked or held any more. The volume stays for what is fading out; the next turn begins at its own. */
  reset(): void {
    this.duckedTurn = undefined;
    this.heldTurn = undefined;
  }

  private move(turn: number): void {
    const target = this.targetOf(turn);
    if (this.gain < target) this.gain = Math.min(target, this.gain + this.duckStep);
    else if (this.gain > target) this.gain = Math.max(target, this.gain - this.duckStep);
    this.step = this.isHeld(turn) ? Math.max(0, this.step - 1) : Math.min(this.holdSteps, this.step + 1);
  }

  private targetOf(turn: number): number {
    return turn === this.duckedTurn ? DUCK_GAIN : 1;
  }
}
