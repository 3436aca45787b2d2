import { LastVoiced } from '../audio/last-voiced';

/** How long the visitor waited: from the end of the visitor's speech, or from sending typed text, to the first sound of the reply. */
export interface FirstSound {
  fromMs: 'speech' | 'text';
  durationMs: number;
}

/**
 * Measures how long the visitor waits, from the end of speech or from sending typed text to the first sound of the reply.
 * All moments are on the clock of `performance.now()`.
 */
export class FirstSoundClock {
  private readonly lastVoiced = new LastVoiced();
  private typedAtMs: number | undefined;
  private waiting: { turn: number; fromMs: FirstSound['fromMs']; sinceMs: number } | undefined;

  /** Takes the level of one captured frame and returns whether it contains a voice. Allocates nothing. */
  captured(levelDbfs: number, nowMs: number): boolean {
    return this.lastVoiced.note(levelDbfs, nowMs);
  }

  /** Typed text was sent. */
  typed(nowMs: number): void {
    this.typedAtMs = nowMs;
  }

  /** The server has begun to answer a turn. Its wait is counted from the typed text, if there is one, or else from the end of speech. */
  turnBegan(turn: number): void {
    if (this.waiting?.turn === turn) return;
    const voicedAtMs = this.lastVoiced.take();
    const sinceMs = this.typedAtMs ?? voicedAtMs;
    this.waiting = sinceMs === undefined ? undefined : { turn, fromMs: this.typedAtMs === undefined ? 'speech' : 'text', sinceMs };
    this.typedAtMs = undefined;
  }

  /** The first sound of a turn is played. Returns the wait, or undefined if its beginning is not known. */
  soundStarted(turn: number, nowMs: number): FirstSound | undefined {
    if (this.waiting?.turn !== turn) return undefined;
    const { fromMs, sinceMs } = this.waiting;
    this.waiting = undefined;
    return { fromMs, durationMs: nowMs - sinceMs };
  }
}
