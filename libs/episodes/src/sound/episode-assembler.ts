import { LoudnessTimeline, SILENCE_DBFS } from '@parley/audio';
import { type EpisodePart, EpisodeTimeline, type SegmentPlace } from './episode-timeline';
import { CEILING_DBTP, type LoudnessGoal, SILENCE_LUFS, TARGET_LUFS } from './loudness-goal';
import { Master } from './master';
import { type Measurement } from './measure';
import { slices, sliceSamples } from './slices';

/** A prepared segment whose audio can be read: always the same, any number of times. */
export interface EpisodeSegment extends EpisodePart {
  read(): AsyncIterable<Int16Array> | Iterable<Int16Array>;
}

export interface EpisodeAssemblerOptions extends LoudnessGoal {
  readonly sampleRateHz: number;
  /** The gain of all segments, where it is known. Absent: the one that brings them to the goal. */
  readonly gainDb?: number;
}

/** What came out, measured. */
export interface EpisodeSound {
  /** Integrated loudness by ITU-R BS.1770-4; -70 for silence. */
  readonly loudnessLufs: number;
  /** -100 for silence. */
  readonly truePeakDbtp: number;
  /** The gain that all segments were given. */
  readonly gainDb: number;
}

/** A limiter that takes no more than this from peaks does not change the loudness by what counts. */
const HARMLESS_LIMITING_DB = 1;
const TOLERANCE_LU = 0.2;
const REHEARSALS = 3;

/**
 * Puts prepared segments together, with pauses of digital silence, to one stream at the loudness of an episode. The gain is known from the
 * segments' measurements before any audio is read; one segment is read at a time, half a second of it.
 */
export class EpisodeAssembler {
  readonly #segments: readonly EpisodeSegment[];
  readonly #timeline: EpisodeTimeline;
  readonly #targetLufs: number;
  readonly #ceilingDbtp: number;
  readonly #gainDb: number | undefined;
  #master: Master | undefined;

  /** @throws RangeError when a segment has another sample rate, or a pause is no duration. */
  constructor(segments: readonly EpisodeSegment[], options: EpisodeAssemblerOptions) {
    const { sampleRateHz, targetLufs = TARGET_LUFS, ceilingDbtp = CEILING_DBTP, gainDb } = options;
    this.#segments = segments;
    this.#timeline = new EpisodeTimeline(segments, sampleRateHz);
    this.#targetLufs = targetLufs;
    this.#ceilingDbtp = ceilingDbtp;
    this.#gainDb = gainDb;
  }

  /** Of the whole, pauses included; known from the beginning. */
  get samples(): number {
    return this.#timeline.samples;
  }

  get durationMs(): number {
    return this.#timeline.durationMs;
  }

  /** Where each segment is heard; known from the beginning. */
  places(): SegmentPlace[] {
    return this.#timeline.places();
  }

  /**
   * The episode, in order and without gaps: exactly `samples` samples. An abort throws its reason.
   *
   * @throws Error when a segment's audio is longer or shorter than was measured.
   */
  async *audio(signal?: AbortSignal): AsyncGenerator<Int16Array, EpisodeSound> {
    this.#master = undefined;
    const master = this.#masterWith(await this.findGain(signal));
    yield* this.#through(master, signal);
    this.#master = master;
    return this.sound();
  }

  /** The same stream without a measurement, which takes most of the time. */
  async *unmeasured(signal?: AbortSignal): AsyncGenerator<Int16Array, void> {
    yield* this.#through(this.#masterWith(await this.findGain(signal), false), signal);
  }

  /**
   * What was measured of the stream.
   *
   * @throws Error before `audio` has ended.
   */
  sound(): EpisodeSound {
    const { loudnessLufs, truePeakDbtp } = this.measurement();
    return { loudnessLufs, truePeakDbtp, gainDb: this.#ended().gainDb };
  }

  /**
   * All that was measured of the stream.
   *
   * @throws Error as `sound`.
   */
  measurement(): Measurement {
    return this.#ended().measurement();
  }

  #ended(): Master {
    if (!this.#master) throw new Error('the episode has not been read to its end');
    return this.#master;
  }

  /** The gain that brings the segments to the goal. Only where the limiter has much to do, they are read for it. */
  async findGain(signal?: AbortSignal): Promise<number> {
    if (this.#gainDb !== undefined) return this.#gainDb;
    let gainDb = this.#gainByMeasurements();
    for (let rehearsal = 0; rehearsal < REHEARSALS && this.#peakDbtp + gainDb > this.#ceilingDbtp + HARMLESS_LIMITING_DB; rehearsal++) {
      const missing = this.#targetLufs - (await this.#rehearse(gainDb, signal));
      if (Math.abs(missing) <= TOLERANCE_LU) break;
      gainDb += missing;
    }
    return gainDb;
  }

  get #peakDbtp(): number {
    return this.#segments.reduce((most, { measurement }) => Math.max(most, measurement.truePeakDbtp), SILENCE_DBFS);
  }

  #gainByMeasurements(): number {
    const timeline = new LoudnessTimeline(this.durationMs);
    const places = this.places();
    this.#segments.forEach(({ measurement }, i) => timeline.add({ energies: measurement.energies, startMs: places[i].startMs, gainDb: 0 }));
    const lufs = timeline.integratedLufs();
    return lufs > SILENCE_LUFS ? this.#targetLufs - lufs : 0;
  }

  /** The loudness that would come out: where the limiter has much to do, only trying tells. Prepared segments seldom need it. */
  async #rehearse(gainDb: number, signal: AbortSignal | undefined): Promise<number> {
    const master = this.#masterWith(gainDb);
    for await (const block of this.#blocks(signal)) master.process(block);
    master.flush();
    return master.measurement().loudnessLufs;
  }

  async *#through(master: Master, signal: AbortSignal | undefined): AsyncGenerator<Int16Array, void> {
    for await (const block of this.#blocks(signal)) {
      const pcm = master.process(block);
      if (pcm.length > 0) yield pcm;
    }
    const rest = master.flush();
    if (rest.length > 0) yield rest;
  }

  #masterWith(gainDb: number, isMeasured = true): Master {
    const { sampleRateHz } = this.#timeline;
    return new Master({ sampleRateHz, gainDb, isMeasured, ceilingDbtp: this.#ceilingDbtp, peakDbtp: this.#peakDbtp });
  }

  /** All segments and pauses as they are, in blocks. */
  async *#blocks(signal: AbortSignal | undefined): AsyncGenerator<Int16Array> {
    const { sampleRateHz } = this.#timeline;
    const silence = new Int16Array(sliceSamples(sampleRateHz));
    for (const [i, segment] of this.#segments.entries()) {
      let count = 0;
      for await (const pcm of segment.read()) {
        count += pcm.length;
        for await (const slice of slices(pcm, sampleRateHz)) {
          signal?.throwIfAborted();
          yield slice;
        }
      }
      const { samples } = segment.measurement;
      if (count !== samples) throw new Error(`segment ${i + 1} has ${count} samples, but ${samples} were measured`);
      for (let left = this.#timeline.pauseSamples[i]; left > 0; left -= silence.length) yield silence.subarray(0, left);
    }
  }
}
