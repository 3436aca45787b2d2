import { bytesFromPcm16, encodeWav } from '@parley/audio';
import { AtomicFile } from './atomic-file';
import { type SoundFile } from './sound-file';

export interface WavFileOptions {
  readonly sampleRateHz: number;
  /** How many samples will be written, as far as known: a file that cannot be is refused before anything is written. */
  readonly samples?: number;
}

const HEADER_BYTES = 44;
/** Sizes have 32 bits, and the one of the whole counts all but the first 8 bytes. */
const MOST_AUDIO_BYTES = 0xffffffff - (HEADER_BYTES - 8);

/** A WAV file of 16-bit mono PCM. */
export class WavFile implements SoundFile {
  readonly #file: AtomicFile;
  readonly #sampleRateHz: number;

  private constructor(file: AtomicFile, sampleRateHz: number) {
    this.#file = file;
    this.#sampleRateHz = sampleRateHz;
  }

  /** @throws RangeError when the file would be larger than 4 GiB, which its header cannot say. */
  static async create(path: string, { sampleRateHz, samples = 0 }: WavFileOptions): Promise<WavFile> {
    if (2 * samples > MOST_AUDIO_BYTES) throw tooLarge();
    return new WavFile(await AtomicFile.create(path, wavHeader(0, sampleRateHz)), sampleRateHz);
  }

  /** @throws RangeError as `create`. */
  async write(pcm: Int16Array): Promise<void> {
    if (this.#file.length - HEADER_BYTES + pcm.byteLength > MOST_AUDIO_BYTES) throw tooLarge();
    await this.#file.append(bytesFromPcm16(pcm));
  }

  async commit(): Promise<number> {
    await this.#file.overwrite(wavHeader((this.#file.length - HEADER_BYTES) / 2, this.#sampleRateHz), 0);
    await this.#file.commit();
    return this.#file.length;
  }

  async discard(): Promise<void> {
    await this.#file.discard();
  }
}

/** The 44 bytes before so many samples. */
export function wavHeader(samples: number, sampleRateHz: number): Uint8Array {
  const header = encodeWav(new Int16Array(0), sampleRateHz);
  const view = new DataView(header.buffer);
  view.setUint32(4, HEADER_BYTES - 8 + 2 * samples, true);
  view.setUint32(40, 2 * samples, true);
  return header;
}

function tooLarge(): RangeError {
  return new RangeError('a WAV file cannot be larger than 4 GiB; MP3 can hold this much');
}
