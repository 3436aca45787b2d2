import type { Speech } from './speech';

export interface PlaybackReport {
  readonly type: 'playback';
  readonly turn: number;
  readonly event: 'started' | 'progress' | 'ended';
  readonly played_ms: number;
}

export interface PlayerOptions {
  /** Speed of playback: 1 is real time, more ends replies sooner, and 0 plays and reports nothing. */
  readonly speed: number;
  readonly report: (report: PlaybackReport) => void;
}

const START_BUFFER_MS = 80;
const TICK_MS = 50;
const PROGRESS_EVERY_MS = 250;

/** Simulates playback of the assistant's speech, and reports the played position as the page does. */
export class Player {
  private turn = 0;
  private receivedMs = 0;
  private playedMs = 0;
  private complete = false;
  private started = false;
  private paused = false;
  private startsAtMs = 0;
  private tickedAtMs = 0;
  private reportedAtMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: PlayerOptions) {}

  /** How much has been played of the current or last turn. */
  heard(): { turn: number; playedMs: number } {
    return { turn: this.turn, playedMs: this.playedMs };
  }

  addSpeech({ turn, pcm, last }: Speech, sampleRateHz: number): void {
    if (this.options.speed === 0 || turn < this.turn || (turn === this.turn && this.complete)) return;
    if (turn > this.turn) this.begin(turn);
    this.receivedMs += (pcm.length / 2 / sampleRateHz) * 1000;
    this.complete ||= last;
  }

  /** The turn was interrupted: nothing more of it is played. */
  clear(turn: number): void {
    if (turn !== this.turn) return;
    this.complete = true;
    this.stop();
  }

  /** Stops at the played position (`active`), or continues from it. */
  pause(turn: number, active: boolean): void {
    if (turn !== this.turn) return;
    if (this.started && !this.paused) this.advance(performance.now());
    this.tickedAtMs = performance.now();
    this.paused = active;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private begin(turn: number): void {
    this.stop();
    this.turn = turn;
    this.receivedMs = 0;
    this.playedMs = 0;
    this.complete = false;
    this.started = false;
    this.paused = false;
    this.startsAtMs = performance.now() + START_BUFFER_MS;
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  private tick(): void {
    const nowMs = performance.now();
    if (nowMs < this.startsAtMs || this.paused) return;
    if (!this.started) {
      this.started = true;
      this.tickedAtMs = nowMs;
      this.reportAs('started', nowMs);
      return;
    }
    this.advance(nowMs);
    if (this.complete && this.playedMs >= this.receivedMs) {
      this.stop();
      this.reportAs('ended', nowMs);
    } else if (nowMs - this.reportedAtMs >= PROGRESS_EVERY_MS) {
      this.reportAs('progress', nowMs);
    }
  }

  private advance(nowMs: number): void {
    this.playedMs = Math.min(this.receivedMs, this.playedMs + (nowMs - this.tickedAtMs) * this.options.speed);
    this.tickedAtMs = nowMs;
  }

  private reportAs(event: PlaybackReport['event'], nowMs: number): void {
    this.reportedAtMs = nowMs;
    this.options.report({ type: 'playback', turn: this.turn, event, played_ms: Math.round(this.playedMs) });
  }
}
