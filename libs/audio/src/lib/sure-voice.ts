/** The model takes a cough for a voice only at its beginning: after this many windows (160 ms) ... */
const BEGINNING_WINDOWS = 5;
/** ... a cough never reaches this probability, while words do, mostly at once. */
const SURE_PROBABILITY = 0.93;
/** A quiet word dies away below the level gate; it is followed there for as long as the model hears it. */
const HEARD_PROBABILITY = 0.5;
/** No cough lasts this many windows (384 ms). Needed because some words in noise never reach the probability above. */
const LONG_WINDOWS = 12;
/** Gaps shorter than four windows are within a word. */
const GAP_WINDOWS = 3;
/** One cough may follow another after three: what is not sure yet begins again there, and is judged by its words if it never becomes sure. */
const UNSURE_GAP_WINDOWS = 2;
/**
 * Coughs are loud, because they are near: speech below this level is not a cough once it has lasted 224 ms. Needed for quiet words, which
 * do not reach the probability either.
 */
const QUIET_DBFS = -36;
const QUIET_WINDOWS = 7;
/** Over a background this loud the model's probabilities stay low, and it detects words only in pieces. */
const LOUD_FLOOR_DBFS = -45;

/**
 * Distinguishes a voice from a cough, a slam or a click that the detector has taken for speech. It decides after the first 160 ms of
 * speech, no sooner, and for a few words after 384 ms. One instance per stream; allocates nothing.
 */
export class SureVoice {
  /** Number of windows in which the model has detected this speech, and of those with an open gate. */
  private heardWindows = 0;
  private speechWindows = 0;
  private gapWindows = 0;
  private loudestDbfs = -Infinity;
  private sure = false;

  /**
   * Takes in the next window.
   * @returns whether the speech that this window belongs to, up to its end, is surely a voice
   */
  follow(isSpeech: boolean, probability: number, levelDbfs: number, floorDbfs: number): boolean {
    if (isSpeech) {
      this.gapWindows = 0;
      this.speechWindows++;
      this.loudestDbfs = Math.max(this.loudestDbfs, levelDbfs);
    } else if (this.speechWindows === 0 || ++this.gapWindows > (this.sure ? GAP_WINDOWS : UNSURE_GAP_WINDOWS)) {
      this.reset();
      return false;
    }
    if (probability >= HEARD_PROBABILITY) this.heardWindows++;
    const isLate = this.heardWindows > BEGINNING_WINDOWS && probability >= SURE_PROBABILITY;
    const isQuiet = this.speechWindows >= QUIET_WINDOWS && this.loudestDbfs < QUIET_DBFS;
    this.sure ||= isLate || isQuiet || this.speechWindows >= LONG_WINDOWS || floorDbfs > LOUD_FLOOR_DBFS;
    return this.sure;
  }

  /** A new stream begins. */
  reset(): void {
    this.heardWindows = 0;
    this.speechWindows = 0;
    this.gapWindows = 0;
    this.loudestDbfs = -Infinity;
    this.sure = false;
  }
}
