import { dbToPower } from './pcm';

/** A block (8 ms) is voiced when it is within this of the loudest one since the speech began ... */
const RANGE_DB = 40;
/** ... and this far above the background that the speech began over. */
const MARGIN_DB = 6;
/** If the background covers more of the range than this, the blocks do not show the end of the voice. */
const COVERED_DB = 13;
/** In every recording the model keeps detecting speech for at least this long after its end. */
const MODEL_LAG_MS = 32;
/** After this long without a speech window, the stretch of speech is over. */
const REACH_MS = 320;

/**
 * Estimates, more finely than by windows, where the last voice ended. The level gate closes on the quiet end of a word, and on a user who
 * has spoken for seconds without a pause, so a stretch of speech is measured against the background that it began over, for as long as the
 * model detects speech. If that background is so loud that it hides the end, the model alone decides, up to a tenth of a second late
 * rather than early. One instance per stream; allocates nothing.
 */
export class VoicedEnd {
  private end = 0;
  private lastSpeechMs = -Infinity;
  private backgroundPower = 0;
  private loudestPower = 0;
  /** Where the last voiced block ended. */
  private filledMs = -Infinity;

  /** The audio clock where the last voice ended, in ms; 0 before the first. Never goes back. */
  get endMs(): number {
    return this.end;
  }

  /**
   * Takes in one window in which the model hears speech.
   * @param blocks mean squares of its blocks, of equal length
   * @param isSpeech whether it counts as speech of someone near: what is not can only prolong a stretch of speech
   */
  follow(blocks: Float64Array, isSpeech: boolean, startMs: number, endMs: number, floorDbfs: number): void {
    if (startMs - this.lastSpeechMs > REACH_MS) {
      if (!isSpeech) return;
      this.backgroundPower = dbToPower(floorDbfs);
      this.loudestPower = 0;
    }
    if (isSpeech) this.lastSpeechMs = endMs;
    for (let i = 0; i < blocks.length; i++) this.loudestPower = Math.max(this.loudestPower, blocks[i]);
    const inRange = this.loudestPower * dbToPower(-RANGE_DB);
    const aboveBackground = this.backgroundPower * dbToPower(MARGIN_DB);
    const blockMs = (endMs - startMs) / blocks.length;
    for (let i = 0; i < blocks.length; i++) {
      const blockEndMs = startMs + (i + 1) * blockMs;
      // The voice may end anywhere in the block after the last one that it fills.
      const isVoiced = blocks[i] > inRange && blocks[i] > aboveBackground;
      if (isVoiced || this.filledMs === blockEndMs - blockMs) this.end = blockEndMs;
      if (isVoiced) this.filledMs = blockEndMs;
    }
    if (aboveBackground > inRange * dbToPower(COVERED_DB)) this.end = Math.max(this.end, endMs - MODEL_LAG_MS);
  }

  /** A new stream begins. */
  reset(): void {
    this.end = 0;
    this.lastSpeechMs = -Infinity;
    this.filledMs = -Infinity;
  }
}
