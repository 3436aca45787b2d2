import { Once } from '@parley/providers';
import { createHash } from 'node:crypto';
import { type AudioFiles, type EpisodeFile } from '../audio-files';
import { Mp3Encoder, mp3Format, mp3FrameBytes, mp3FrameSamples } from '../files';
import { EpisodeAssembler, type Measurement } from '../sound';
import { type EpisodePart } from './episode-parts';
import { bytesOf, readMeasuredFile, writeMeasuredFile } from './measured-file';
import { EPISODE_SAMPLE_RATE_HZ } from './segment-speaker';

/** A part whose MP3 is in its file. */
export interface EncodedPart {
  readonly part: EpisodePart;
  readonly gainDb: number;
  /** Of what comes out, pauses included. */
  readonly measurement: Measurement;
  /** Of all frames: those of the sound, and those in which a decoder gives out the end of it. */
  readonly bytes: number;
}

/** A part that was encoded with nearly the right gain stays: nobody hears the difference, and the episode's loudness may differ by 0.5 LU. */
const GAIN_TOLERANCE_DB = 0.3;
/** So near to 0, a gain is not worth changing every sample for. */
const NO_GAIN_DB = 0.15;
/** Raised when the same sound would be encoded to other bytes. */
const ENCODING = 1;

export const EPISODE_MP3 = mp3Format({ sampleRateHz: EPISODE_SAMPLE_RATE_HZ });
const FRAME_BYTES = mp3FrameBytes(EPISODE_MP3);
const FRAME_SAMPLES = mp3FrameSamples(EPISODE_SAMPLE_RATE_HZ);

const fileOf = ({ segmentId }: EpisodePart): EpisodeFile => ({ type: 'frames', segmentId });

/**
 * Encodes the parts of episodes, and keeps the frames in files: after a change of one segment only its part is encoded again. Each part is a
 * stream of its own for the encoder, and uses nothing of the bits of others.
 */
export class PartEncoder {
  readonly #files: AudioFiles;
  readonly #encoder = new Once(() => Mp3Encoder.create(EPISODE_MP3));
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: AudioFiles) {
    this.#files = files;
  }

  /** With about this gain: as it is in its file, or newly made. An abort throws its reason. */
  async encode(part: EpisodePart, gainDb: number, signal: AbortSignal): Promise<EncodedPart> {
    return (await this.#find(part, gainDb)) ?? (await this.#inTurn(() => this.#make(part, gainDb, signal)));
  }

  /** The frames of a part; of one that others follow, only as many as it has samples. */
  frames({ part, bytes, measurement }: EncodedPart, isLast: boolean, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const end = isLast ? bytes : (measurement.samples / FRAME_SAMPLES) * FRAME_BYTES;
    return this.#files.read(part.episodeId, fileOf(part), { start: 0, end }, signal);
  }

  async #find(part: EpisodePart, wantedDb: number): Promise<EncodedPart | undefined> {
    const found = await readMeasuredFile(this.#files, part.episodeId, fileOf(part));
    if (found?.gainDb === undefined || found.key !== keyOf(part) || Math.abs(found.gainDb - wantedDb) > GAIN_TOLERANCE_DB) return undefined;
    const { gainDb, measurement, audioBytes } = found;
    return { part, gainDb, measurement, bytes: audioBytes };
  }

  async #make(part: EpisodePart, wantedDb: number, signal: AbortSignal): Promise<EncodedPart> {
    const gainDb = Math.abs(wantedDb) <= NO_GAIN_DB ? 0 : wantedDb;
    const assembler = new EpisodeAssembler(part.segments, { sampleRateHz: EPISODE_SAMPLE_RATE_HZ, gainDb });
    const encoder = await this.#encoder.get();
    encoder.restart();
    let bytes = 0;
    async function* frames(): AsyncGenerator<Uint8Array> {
      for await (const pcm of assembler.audio(signal)) {
        const ready = encoder.encode(pcm);
        bytes += ready.length;
        yield ready;
      }
      const rest = encoder.finish();
      bytes += rest.length;
      yield rest;
    }
    const soundOf = () => ({ gainDb, key: keyOf(part), measurement: assembler.measurement() });
    await writeMeasuredFile(this.#files, part.episodeId, fileOf(part), frames(), soundOf);
    return { part, gainDb, bytes, measurement: assembler.measurement() };
  }

  /** One after the other: the encoder has room for one stream. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/** Energies for every 20 ms stand for the sound: what differs in any of them is encoded again. */
function keyOf({ segments }: EpisodePart): string {
  const hash = createHash('sha256');
  for (const { measurement, pauseAfterMs } of segments) {
    const { energies, ...measured } = measurement;
    hash.update(JSON.stringify([ENCODING, EPISODE_MP3, measured, pauseAfterMs])).update(bytesOf(energies));
  }
  return hash.digest('hex');
}
