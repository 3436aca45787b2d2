import { LastVoiced } from '../audio/last-voiced';

/** How long the visitor waited: from the end of the visitor's speech, or from sending typed text, to the first sound of the reply. */
export interface FirstSound {
  fromMs: 'speech' | 'text';
  durationMs: number;
}

/**
 * Measures what the visitor waits: from the end of speech (or from sending typed text) to the first sound of the reply.
 * All moments are on the clock of `performance.now()`.
 */
export class FirstSoundClock {
  private readonly lastVoiced = new LastVoiced();
  private typedAtMs: number | undefined;
  private waiting: { turn: number; fromMs: FirstSound['fromMs']; sinceMs: number } | undefined;

  /** The level of one captured frame; gives back whether it held a voice. No allocation. */
  captured(levelDbfs: number, nowMs: number): boolean {
    return this.lastVoiced.note(levelDbfs, nowMs);
  }

  /** Typed text was sent. */
  typed(nowMs: number): void {
    this.typedAtMs = nowMs;
  }

  /** The server took up a turn: it runs from the typed text, if there is one, else from the end of the speech. */
  turnBegan(turn: number): void {
    if (this.waiting?.turn === turn) return;
    const voicedAtMs = this.lastVoiced.take();
    const sinceMs = this.typedAtMs ?? voicedAtMs;
    this.waiting = sinceMs === undefined ? undefined : { turn, fromMs: this.typedAtMs === undefined ? 'speech' : 'text', sinceMs };
    this.typedAtMs = undefined;
  }

  /** The first sound of a turn leaves; undefined where the beginning is not known. */
  soundStarted(turn: number, nowMs: number): FirstSound | undefined {
    if (this.waiting?.turn !== turn) return undefined;
    const { fromMs, sinceMs } = this.waiting;
    this.waiting = undefined;
    return { fromMs, durationMs: nowMs - sinceMs };
  }
}
