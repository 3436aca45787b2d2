import { decodeAlaw, decodeUlaw, PcmResampler } from '@parley/audio';

/** Raw encodings of the realtime endpoint. */
export const ENCODINGS = ['linear16', 'linear32', 'mulaw', 'alaw'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The sample rate of the recogniser, in Hz. */
export const RECOGNISER_RATE_HZ = 16_000;

/** Decodes raw bytes, split anywhere, to PCM at 16 kHz. One per stream: it keeps split samples and the resampler's state. */
export class PcmDecoder {
  readonly #resampler: PcmResampler | undefined;
  #carried: Buffer = Buffer.alloc(0);

  constructor(
    private readonly encoding: Encoding,
    sampleRateHz: number,
  ) {
    this.#resampler =
      sampleRateHz === RECOGNISER_RATE_HZ ? undefined : new PcmResampler({ fromRateHz: sampleRateHz, toRateHz: RECOGNISER_RATE_HZ });
  }

  /** All samples that the bytes so far make. The result is valid until the next call. */
  decode(bytes: Buffer): Int16Array {
    const pcm = this.#samples(bytes);
    return this.#resampler ? this.#resampler.process(pcm) : pcm;
  }

  #samples(bytes: Buffer): Int16Array {
    if (this.encoding === 'mulaw') return decodeUlaw(bytes);
    if (this.encoding === 'alaw') return decodeAlaw(bytes);
    const width = this.encoding === 'linear16' ? 2 : 4;
    const all = this.#carried.length === 0 ? bytes : Buffer.concat([this.#carried, bytes]);
    const samples = new Int16Array(Math.floor(all.length / width));
    for (let i = 0; i < samples.length; i++) samples[i] = width === 2 ? all.readInt16LE(i * 2) : all.readInt32LE(i * 4) >> 16;
    this.#carried = Buffer.from(all.subarray(samples.length * width));
    return samples;
  }
}
