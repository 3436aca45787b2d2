import { AtomicFile } from './atomic-file';
import { crc16 } from './crc16';
import { type EpisodeTag, id3Tag } from './id3-tag';
import { Mp3Encoder, type Mp3EncoderOptions, mp3Format, type Mp3Format } from './mp3-encoder';
import { infoFrame, mp3FrameBytes } from './mp3-info-frame';
import { type SoundFile } from './sound-file';

export interface Mp3FileOptions extends Mp3EncoderOptions {
  readonly tag: EpisodeTag;
}

const FRAME_HEADER_BYTES = 4;

/** An MP3 file with its tag: of sound that is encoded as it is written, or of frames that were encoded before. */
export class Mp3File implements SoundFile {
  readonly #file: AtomicFile;
  readonly #format: Mp3Format;
  #encoder: Mp3Encoder | undefined;
  /** Where the frame lies that says what is in the file. */
  readonly #infoAt: number;
  readonly #audioAt: number;
  #frameHeader = new Uint8Array(0);
  #samples = 0;
  #crc = 0;

  private constructor(file: AtomicFile, format: Mp3Format) {
    this.#file = file;
    this.#format = format;
    this.#audioAt = file.length;
    this.#infoAt = file.length - mp3FrameBytes(format);
  }

  /** @throws RangeError for a sample rate that MP3 does not have, and as `id3Tag`. */
  static async create(path: string, { tag, ...options }: Mp3FileOptions): Promise<Mp3File> {
    const header = id3Tag(tag);
    const format = mp3Format(options);
    const head = new Uint8Array(header.length + mp3FrameBytes(format));
    head.set(header);
    return new Mp3File(await AtomicFile.create(path, head), format);
  }

  async write(pcm: Int16Array): Promise<void> {
    this.#encoder ??= await Mp3Encoder.create(this.#format);
    this.#samples += pcm.length;
    await this.#append(this.#encoder.encode(pcm));
  }

  /** Appends whole frames of the file's format in place of so many samples. */
  async append(frames: Uint8Array, samples: number): Promise<void> {
    this.#samples += samples;
    await this.#append(frames);
  }

  async commit(): Promise<number> {
    if (this.#encoder) await this.#append(this.#encoder.finish());
    const bytes = this.#file.length - this.#audioAt;
    const info = { ...this.#format, bytes, frameHeader: this.#frameHeader, samples: this.#samples, crc: this.#crc };
    await this.#file.overwrite(infoFrame(info), this.#infoAt);
    await this.#file.commit();
    return this.#file.length;
  }

  async discard(): Promise<void> {
    await this.#file.discard();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    // Frames come whole.
    if (this.#frameHeader.length === 0) this.#frameHeader = bytes.slice(0, FRAME_HEADER_BYTES);
    this.#crc = crc16(bytes, this.#crc);
    await this.#file.append(bytes);
  }
}
