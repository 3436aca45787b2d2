/** A cough is a voice to the model only where it begins: behind this many windows of speech (160 ms) ... */
const BEGINNING_WINDOWS = 5;
/** ... it is never this likely any more, while words are, mostly at once. */
const SURE_PROBABILITY = 0.93;
/** No cough is this long (384 ms); some words in noise are never likely. */
const LONG_WINDOWS = 12;
/** Shorter gaps than four windows are within a word. */
const GAP_WINDOWS = 3;
/** Over a background this loud the model is sure of little, and words that it hears are heard in pieces. */
const LOUD_FLOOR_DBFS = -45;

/**
 * Tells a voice from a cough, a slam or a click that the detector has taken for speech. It knows so behind the first 160 ms of speech: no
 * sooner, and for words in noise and very quiet ones up to 384 ms. One instance per stream; allocates nothing.
 */
export class SureVoice {
  private speechWindows = 0;
  private gapWindows = 0;
  private sure = false;

  /**
   * Takes in the next window.
   * @returns whether the speech that this window belongs to, up to its end, is surely a voice
   */
  follow(isSpeech: boolean, probability: number, floorDbfs: number): boolean {
    if (!isSpeech) {
      if (++this.gapWindows > GAP_WINDOWS) this.reset();
      return this.sure;
    }
    this.gapWindows = 0;
    this.speechWindows++;
    const isLate = this.speechWindows > BEGINNING_WINDOWS && probability >= SURE_PROBABILITY;
    this.sure ||= isLate || this.speechWindows >= LONG_WINDOWS || floorDbfs > LOUD_FLOOR_DBFS;
    return this.sure;
  }

  /** A new stream begins. */
  reset(): void {
    this.speechWindows = 0;
    this.gapWindows = 0;
    this.sure = false;
  }
}
