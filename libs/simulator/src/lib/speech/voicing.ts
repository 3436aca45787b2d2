/** Whether a sound has a voice in it: vowels repeat themselves from one vibration of the vocal cords to the next, noise does not. */

/** Half the rate of the recogniser's: pairs of samples are enough. */
const SAMPLE_RATE_HZ = 8_000;
/** 40 ms: two vibrations of the lowest voice. */
const FRAME_SAMPLES = 320;
const HOP_SAMPLES = 80;
/** Vibrations of 70 to 400 Hz. */
const LEAST_LAG = Math.floor(SAMPLE_RATE_HZ / 400);
const MOST_LAG = Math.ceil(SAMPLE_RATE_HZ / 70);
const SPAN_SAMPLES = FRAME_SAMPLES + MOST_LAG;
/** How alike two vibrations are, 0..1. In the short words of four synthetic voices many frames are, in a cough or a slam at most one. */
const ALIKE = 0.6;
/** Frames in a row, each 10 ms behind the one before. */
const LEAST_FRAMES = 3;
/** A hum behind the sound is no voice: only what is within 20 dB of the loudest frame counts. */
const RANGE = 0.01;

/** Follows one utterance, at less than 1 % of a core. */
export class Voicing {
  private readonly samples = new Float32Array(SPAN_SAMPLES);
  /** Sums of squares up to each sample. */
  private readonly squares = new Float64Array(SPAN_SAMPLES + 1);
  private filled = 0;
  private odd: number | undefined;
  private readonly powers: number[] = [];
  private readonly alike: boolean[] = [];
  private loudest = 0;

  /** Takes in PCM s16 mono 16 kHz, any length. */
  push(pcm: Int16Array): void {
    for (const sample of pcm) {
      if (this.odd === undefined) {
        this.odd = sample;
        continue;
      }
      this.samples[this.filled++] = (this.odd + sample) / 2;
      this.odd = undefined;
      if (this.filled < SPAN_SAMPLES) continue;
      this.follow();
      this.samples.copyWithin(0, HOP_SAMPLES);
      this.filled -= HOP_SAMPLES;
    }
  }

  /** Whether there is a voice in what was heard so far. A louder sound may still show that it was none. */
  get isHeard(): boolean {
    let run = 0;
    for (let frame = 0; frame < this.alike.length; frame++) {
      run = this.alike[frame] && this.powers[frame] > this.loudest * RANGE ? run + 1 : 0;
      if (run >= LEAST_FRAMES) return true;
    }
    return false;
  }

  private follow(): void {
    const { samples, squares } = this;
    for (let at = 0; at < SPAN_SAMPLES; at++) squares[at + 1] = squares[at] + samples[at] * samples[at];
    const power = squares[FRAME_SAMPLES];
    this.loudest = Math.max(this.loudest, power);
    this.powers.push(power);
    // The loudest frame only grows louder.
    this.alike.push(power > this.loudest * RANGE && this.repeatsItself(power));
  }

  private repeatsItself(power: number): boolean {
    const { samples, squares } = this;
    for (let lag = LEAST_LAG; lag <= MOST_LAG; lag++) {
      const others = squares[lag + FRAME_SAMPLES] - squares[lag];
      let product = 0;
      for (let at = 0; at < FRAME_SAMPLES; at++) product += samples[at] * samples[at + lag];
      if (product > ALIKE * Math.sqrt(power * others)) return true;
    }
    return false;
  }
}

/** Whether there is a voice in a whole sound: PCM s16 mono 16 kHz. */
export function hasVoice(pcm: Int16Array): boolean {
  const voicing = new Voicing();
  voicing.push(pcm);
  return voicing.isHeard;
}
