import { type Measurement } from './measure';

/** A prepared segment as a part of an episode. */
export interface EpisodePart {
  readonly measurement: Measurement;
  /** Silence behind it. Default 0. */
  readonly pauseAfterMs?: number;
}

/** Where a segment is heard, in milliseconds from the beginning of the episode. */
export interface SegmentPlace {
  readonly startMs: number;
  readonly durationMs: number;
}

/** Segments one behind the other with their pauses, counted in samples, so that nothing drifts. */
export class EpisodeTimeline {
  readonly sampleRateHz: number;
  /** The length of each pause. */
  readonly pauseSamples: readonly number[];
  /** Where each segment begins. */
  readonly startSamples: readonly number[];
  readonly samples: number;

  /** @throws RangeError when a segment has another rate, or a pause is no duration. */
  constructor(
    readonly parts: readonly EpisodePart[],
    sampleRateHz: number,
  ) {
    this.sampleRateHz = sampleRateHz;
    this.pauseSamples = parts.map(({ pauseAfterMs = 0 }, i) => {
      if (!(pauseAfterMs >= 0 && Number.isFinite(pauseAfterMs)))
        throw new RangeError(`the pause behind segment ${i + 1} is ${pauseAfterMs} ms`);
      return Math.round((pauseAfterMs * sampleRateHz) / 1000);
    });
    const starts: number[] = [];
    let at = 0;
    parts.forEach(({ measurement }, i) => {
      if (measurement.sampleRateHz !== sampleRateHz) {
        throw new RangeError(`segment ${i + 1} has ${measurement.sampleRateHz} Hz, the episode ${sampleRateHz} Hz`);
      }
      starts.push(at);
      at += measurement.samples + this.pauseSamples[i];
    });
    this.startSamples = starts;
    this.samples = at;
  }

  get durationMs(): number {
    return this.#ms(this.samples);
  }

  places(): SegmentPlace[] {
    return this.parts.map(({ measurement }, i) => ({
      startMs: this.#ms(this.startSamples[i]),
      durationMs: this.#ms(measurement.samples),
    }));
  }

  #ms(samples: number): number {
    return (samples * 1000) / this.sampleRateHz;
  }
}
