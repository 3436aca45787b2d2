/** Above the noise floor by this much counts as a voice. */
const ABOVE_FLOOR_DB = 12;
/** Nothing below this is taken for a voice, however quiet the room. */
const QUIETEST_VOICE_DBFS = -50;
const LOWEST_FLOOR_DBFS = -75;
/** The floor follows a louder room slowly: 1 dB per second of 20 ms frames. */
const FLOOR_RISE_DB_PER_FRAME = 0.02;

/**
 * Estimates from frame levels alone when the microphone last heard a voice. Used only for the latency that the page shows and for its notice
 * about lost audio; the server decides about turns.
 */
export class LastVoiced {
  private floorDbfs = -60;
  private lastAtMs: number | undefined;

  /** Takes the level of one 20 ms frame and returns whether it contains a voice. Allocates nothing. */
  note(levelDbfs: number, nowMs: number): boolean {
    const isVoiced = levelDbfs >= Math.max(QUIETEST_VOICE_DBFS, this.floorDbfs + ABOVE_FLOOR_DB);
    if (isVoiced) this.lastAtMs = nowMs;
    this.floorDbfs =
      levelDbfs < this.floorDbfs
        ? Math.max(levelDbfs, LOWEST_FLOOR_DBFS)
        : Math.min(this.floorDbfs + FLOOR_RISE_DB_PER_FRAME, QUIETEST_VOICE_DBFS);
    return isVoiced;
  }

  /** Returns the time of the last voiced frame, on the clock of `note`, and forgets it. */
  take(): number | undefined {
    const atMs = this.lastAtMs;
    this.lastAtMs = undefined;
    return atMs;
  }
}
