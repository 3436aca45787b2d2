/** Listeners report every 250 ms. One without a report for longer than this may have stopped playing. */
const MAX_REPORT_AGE_MS = 500;

interface PlayoutState {
  sentMs: number;
  endsAtMs: number;
  reportedMs: number | undefined;
  reportedAtMs: number;
}

/**
 * How much of a turn’s audio the listener has heard: by the listener’s reports if there are any, and otherwise as a listener whose
 * playback never stops would have heard it. The class is immutable: every change returns a new instance. Times are milliseconds of one
 * monotonic clock, durations milliseconds of audio.
 */
export class PlayoutClock implements Readonly<PlayoutState> {
  /** The clock before anything was sent. */
  static readonly START = new PlayoutClock({ sentMs: 0, endsAtMs: 0, reportedMs: undefined, reportedAtMs: 0 });

  /** The length of the audio that was sent to the listener. */
  readonly sentMs: number;
  /** When a listener whose playback never stops will have heard all of it. */
  readonly endsAtMs: number;
  /** The length of the audio that the listener has reported as heard. Undefined without a report. */
  readonly reportedMs: number | undefined;
  /** When that was reported. */
  readonly reportedAtMs: number;

  private constructor({ sentMs, endsAtMs, reportedMs, reportedAtMs }: PlayoutState) {
    this.sentMs = sentMs;
    this.endsAtMs = endsAtMs;
    this.reportedMs = reportedMs;
    this.reportedAtMs = reportedAtMs;
  }

  /** Audio was sent to the listener, whose player buffers `playerBufferMs` before it starts to play. */
  sent(durationMs: number, atMs: number, playerBufferMs = 0): PlayoutClock {
    const startsAtMs = Math.max(this.endsAtMs, atMs + (this.sentMs === 0 ? playerBufferMs : 0));
    return this.with({ sentMs: this.sentMs + durationMs, endsAtMs: startsAtMs + durationMs });
  }

  /** The listener has reported. Whatever is reported, nobody has heard more than was sent, or less than before. */
  reported(playedMs: number, atMs: number): PlayoutClock {
    return this.with({ reportedMs: Math.min(Math.max(playedMs, this.reportedMs ?? 0), this.sentMs), reportedAtMs: atMs });
  }

  /** The clock as if the time since `pausedAtMs`, when playback was paused, had not passed. */
  resumed(pausedAtMs: number, atMs: number): PlayoutClock {
    const pausedForMs = atMs - pausedAtMs;
    return this.with({
      // A listener that had heard everything has missed nothing.
      endsAtMs: this.endsAtMs > pausedAtMs ? this.endsAtMs + pausedForMs : this.endsAtMs,
      reportedAtMs: Math.min(this.reportedAtMs + pausedForMs, atMs),
    });
  }

  /** The length of the audio that has been heard. */
  playedMs(atMs: number): number {
    const { sentMs, reportedMs, reportedAtMs } = this;
    if (reportedMs === undefined) return Math.max(0, sentMs - this.leftByClockMs(atMs));
    return Math.min(sentMs, reportedMs + Math.min(Math.max(0, atMs - reportedAtMs), MAX_REPORT_AGE_MS));
  }

  /** When the listener reached `playedMs`: now, unless everything sent was played or the listener may have stopped. */
  playedUntilAtMs(atMs: number): number {
    const { sentMs, endsAtMs, reportedMs, reportedAtMs } = this;
    if (reportedMs === undefined) return Math.min(atMs, endsAtMs);
    return Math.min(atMs, reportedAtMs + Math.min(Math.max(0, sentMs - reportedMs), MAX_REPORT_AGE_MS));
  }

  /**
   * The length of the audio that was sent and is still to be heard: by the clock, or by the listener’s reports where they say more, so
   * that a listener that falls behind is not sent more and more.
   */
  leadMs(atMs: number): number {
    const { sentMs, reportedMs, reportedAtMs } = this;
    const byClockMs = this.leftByClockMs(atMs);
    return reportedMs === undefined ? byClockMs : Math.max(byClockMs, sentMs - reportedMs - (atMs - reportedAtMs));
  }

  /** The milliseconds until a listener whose playback never stops has heard everything that was sent. */
  leftByClockMs(atMs: number): number {
    return Math.max(0, this.endsAtMs - atMs);
  }

  private with(changes: Partial<PlayoutState>): PlayoutClock {
    return new PlayoutClock({ ...this, ...changes });
  }
}
