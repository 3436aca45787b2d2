import { LoudnessTimeline } from '@parley/audio';
import { setImmediate } from 'node:timers/promises';
import { type EpisodePart, EpisodeTimeline, type SegmentPlace } from './episode-timeline';
import { CEILING_DBTP, type LoudnessGoal, SILENCE_LUFS, TARGET_LUFS } from './loudness-goal';
import { Master } from './master';

/** A prepared segment whose audio can be read: always the same, any number of times. */
export interface EpisodeSegment extends EpisodePart {
  read(): AsyncIterable<Int16Array> | Iterable<Int16Array>;
}

export interface EpisodeAssemblerOptions extends LoudnessGoal {
  readonly sampleRateHz: number;
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

/** The rest of the process has its turn after so much audio: an episode takes seconds to make, and conversations go on meanwhile. */
const BLOCK_MS = 500;
/** A limiter that takes no more than this from peaks does not change the loudness by what counts. */
const HARMLESS_LIMITING_DB = 1;
const TOLERANCE_LU = 0.2;
const REHEARSALS = 3;

/**
 * Puts prepared segments together, with pauses of digital silence, to one stream at the loudness of an episode. The gain is known from the
 * segments' measurements before any audio is read; one segment is read at a time, a block of half a second.
 */
export class EpisodeAssembler {
  readonly #segments: readonly EpisodeSegment[];
  readonly #timeline: EpisodeTimeline;
  readonly #targetLufs: number;
  readonly #ceilingDbtp: number;
  #sound: EpisodeSound | undefined;

  /** @throws RangeError when a segment has another sample rate, or a pause is no duration. */
  constructor(segments: readonly EpisodeSegment[], options: EpisodeAssemblerOptions) {
    const { sampleRateHz, targetLufs = TARGET_LUFS, ceilingDbtp = CEILING_DBTP } = options;
    this.#segments = segments;
    this.#timeline = new EpisodeTimeline(segments, sampleRateHz);
    this.#targetLufs = targetLufs;
    this.#ceilingDbtp = ceilingDbtp;
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
    this.#sound = undefined;
    const master = this.#master(await this.#findGain(signal));
    for await (const block of this.#blocks(signal)) {
      const pcm = master.process(block);
      if (pcm.length > 0) yield pcm;
    }
    const rest = master.flush();
    if (rest.length > 0) yield rest;
    const { loudnessLufs, truePeakDbtp } = master.measurement();
    return (this.#sound = { loudnessLufs, truePeakDbtp, gainDb: master.gainDb });
  }

  /**
   * What was measured of the stream.
   *
   * @throws Error before `audio` has ended.
   */
  sound(): EpisodeSound {
    if (!this.#sound) throw new Error('the episode has not been read to its end');
    return this.#sound;
  }

  async #findGain(signal: AbortSignal | undefined): Promise<number> {
    let gainDb = this.#gainByMeasurements();
    const peak = Math.max(...this.#segments.map(({ measurement }) => measurement.truePeakDbtp));
    for (let rehearsal = 0; rehearsal < REHEARSALS && peak + gainDb > this.#ceilingDbtp + HARMLESS_LIMITING_DB; rehearsal++) {
      const missing = this.#targetLufs - (await this.#rehearse(gainDb, signal));
      if (Math.abs(missing) <= TOLERANCE_LU) break;
      gainDb += missing;
    }
    return gainDb;
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
    const master = this.#master(gainDb);
    for await (const block of this.#blocks(signal)) master.process(block);
    master.flush();
    return master.measurement().loudnessLufs;
  }

  #master(gainDb: number): Master {
    return new Master(this.#timeline.sampleRateHz, this.#ceilingDbtp, gainDb);
  }

  /** All segments and pauses as they are, in blocks. */
  async *#blocks(signal: AbortSignal | undefined): AsyncGenerator<Int16Array> {
    const length = Math.ceil((BLOCK_MS * this.#timeline.sampleRateHz) / 1000);
    const silence = new Int16Array(length);
    for (const [i, segment] of this.#segments.entries()) {
      let count = 0;
      for await (const pcm of segment.read()) {
        count += pcm.length;
        for (let at = 0; at < pcm.length; at += length) {
          await setImmediate();
          signal?.throwIfAborted();
          yield pcm.subarray(at, at + length);
        }
      }
      const { samples } = segment.measurement;
      if (count !== samples) throw new Error(`segment ${i + 1} has ${count} samples, but ${samples} were measured`);
      for (let left = this.#timeline.pauseSamples[i]; left > 0; left -= length) yield silence.subarray(0, Math.min(left, length));
    }
  }
}
