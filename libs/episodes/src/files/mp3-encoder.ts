import { createMp3Encoder, type WasmMediaEncoder } from 'wasm-media-encoders';

/** In kbit/s, for one channel. */
export const MP3_BITRATES = [64, 80, 96, 112, 128] as const;
export type Mp3Bitrate = (typeof MP3_BITRATES)[number];

/** Rates that MP3 has. */
export const MP3_SAMPLE_RATES = [16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;
export type Mp3SampleRate = (typeof MP3_SAMPLE_RATES)[number];

export interface Mp3EncoderOptions {
  /** One of `MP3_SAMPLE_RATES`. */
  readonly sampleRateHz: number;
  /** Default 64 up to 24 kHz, else 96: more is not heard in speech. */
  readonly bitrateKbps?: Mp3Bitrate;
}

/** Options with what they leave open. */
export interface Mp3Format {
  readonly sampleRateHz: Mp3SampleRate;
  readonly bitrateKbps: Mp3Bitrate;
}

const FULL_SCALE = 32768;
const LOW_RATE_HZ = 24_000;

/** Encodes a stream of mono PCM as MP3 of a constant bitrate (LAME as WebAssembly). */
export class Mp3Encoder {
  readonly #encoder: WasmMediaEncoder<'audio/mpeg'>;

  private constructor(
    encoder: WasmMediaEncoder<'audio/mpeg'>,
    readonly format: Mp3Format,
  ) {
    this.#encoder = encoder;
    this.restart();
  }

  /** @throws RangeError for a sample rate that MP3 does not have. */
  static async create(options: Mp3EncoderOptions): Promise<Mp3Encoder> {
    const format = mp3Format(options);
    return new Mp3Encoder(await createMp3Encoder(), format);
  }

  /** Begins another stream, in which nothing of the one before is left. The memory, 16 MB, is used again. */
  restart(): void {
    const { sampleRateHz, bitrateKbps } = this.format;
    this.#encoder.configure({ sampleRate: sampleRateHz, outputSampleRate: sampleRateHz, channels: 1, bitrate: bitrateKbps });
  }

  /** The bytes that are ready, maybe none. */
  encode(pcm: Int16Array): Uint8Array {
    const samples = new Float32Array(pcm.length);
    for (let i = 0; i < pcm.length; i++) samples[i] = pcm[i] / FULL_SCALE;
    // A copy, because the encoder uses its memory again.
    return this.#encoder.encode([samples]).slice();
  }

  /** The last bytes. Nothing can be encoded after it, unless `restart` is called. */
  finish(): Uint8Array {
    return this.#encoder.finalize().slice();
  }
}

/** @throws RangeError for a sample rate that MP3 does not have. */
export function mp3Format({ sampleRateHz, bitrateKbps }: Mp3EncoderOptions): Mp3Format {
  const rate = MP3_SAMPLE_RATES.find((known) => known === sampleRateHz);
  if (rate === undefined) throw new RangeError(`MP3 has no sample rate of ${sampleRateHz} Hz; it has ${MP3_SAMPLE_RATES.join(', ')}`);
  return { sampleRateHz: rate, bitrateKbps: bitrateKbps ?? (rate <= LOW_RATE_HZ ? 64 : 96) };
}
