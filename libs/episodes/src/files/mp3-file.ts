import { AtomicFile } from './atomic-file';
import { crc16 } from './crc16';
import { type EpisodeTag, id3Tag } from './id3-tag';
import { Mp3Encoder, type Mp3EncoderOptions } from './mp3-encoder';
import { infoFrame, infoFrameBytes } from './mp3-info-frame';
import { type SoundFile } from './sound-file';

export interface Mp3FileOptions extends Mp3EncoderOptions {
  readonly tag: EpisodeTag;
}

const FRAME_HEADER_BYTES = 4;

/** An MP3 file with its tag: written as it is encoded. */
export class Mp3File implements SoundFile {
  readonly #file: AtomicFile;
  readonly #encoder: Mp3Encoder;
  /** Where the frame lies that says what is in the file. */
  readonly #infoAt: number;
  readonly #audioAt: number;
  #frameHeader = new Uint8Array(0);
  #samples = 0;
  #crc = 0;

  private constructor(file: AtomicFile, encoder: Mp3Encoder) {
    this.#file = file;
    this.#encoder = encoder;
    this.#audioAt = file.length;
    this.#infoAt = file.length - infoFrameBytes(encoder);
  }

  /** @throws RangeError for a sample rate that MP3 does not have, and as `id3Tag`. */
  static async create(path: string, { tag, ...options }: Mp3FileOptions): Promise<Mp3File> {
    const header = id3Tag(tag);
    const encoder = await Mp3Encoder.create(options);
    const head = new Uint8Array(header.length + infoFrameBytes(encoder));
    head.set(header);
    return new Mp3File(await AtomicFile.create(path, head), encoder);
  }

  async write(pcm: Int16Array): Promise<void> {
    this.#samples += pcm.length;
    await this.#append(this.#encoder.encode(pcm));
  }

  async commit(): Promise<number> {
    await this.#append(this.#encoder.finish());
    const { sampleRateHz, bitrateKbps } = this.#encoder;
    const bytes = this.#file.length - this.#audioAt;
    const info = { sampleRateHz, bitrateKbps, bytes, frameHeader: this.#frameHeader, samples: this.#samples, crc: this.#crc };
    await this.#file.overwrite(infoFrame(info), this.#infoAt);
    await this.#file.commit();
    return this.#file.length;
  }

  async discard(): Promise<void> {
    await this.#file.discard();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    // The encoder gives out whole frames only.
    if (this.#frameHeader.length === 0) this.#frameHeader = bytes.slice(0, FRAME_HEADER_BYTES);
    this.#crc = crc16(bytes, this.#crc);
    await this.#file.append(bytes);
  }
}
