import { AtomicFile } from './atomic-file';
import { type EpisodeTag, id3Tag } from './id3-tag';
import { Mp3Encoder, type Mp3EncoderOptions } from './mp3-encoder';
import { type SoundFile } from './sound-file';

export interface Mp3FileOptions extends Mp3EncoderOptions {
  readonly tag: EpisodeTag;
}

/** An MP3 file with its tag: written as it is encoded. */
export class Mp3File implements SoundFile {
  readonly #file: AtomicFile;
  readonly #encoder: Mp3Encoder;

  private constructor(file: AtomicFile, encoder: Mp3Encoder) {
    this.#file = file;
    this.#encoder = encoder;
  }

  /** @throws RangeError for a sample rate that MP3 does not have, and as `id3Tag`. */
  static async create(path: string, { tag, ...options }: Mp3FileOptions): Promise<Mp3File> {
    const header = id3Tag(tag);
    const encoder = await Mp3Encoder.create(options);
    return new Mp3File(await AtomicFile.create(path, header), encoder);
  }

  async write(pcm: Int16Array): Promise<void> {
    await this.#file.append(this.#encoder.encode(pcm));
  }

  async commit(): Promise<number> {
    await this.#file.append(this.#encoder.finish());
    await this.#file.commit();
    return this.#file.length;
  }

  async discard(): Promise<void> {
    await this.#file.discard();
  }
}
