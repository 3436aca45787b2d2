import { bytesFromPcm16, PcmResampler } from '@parley/audio';
import { encodeUlaw } from '../pcm/ulaw';
import type { AgentAudioFormat } from './agent-audio-format';

const MICROPHONE_RATE_HZ = 16_000;

/** The microphone's audio in the format that the agent wants. One per session: the resampler remembers the stream. */
export class AgentMicrophone {
  readonly #resampler: PcmResampler | undefined;

  constructor(private readonly format: AgentAudioFormat) {
    const { sampleRateHz } = format;
    if (sampleRateHz !== MICROPHONE_RATE_HZ) {
      this.#resampler = new PcmResampler({ fromRateHz: MICROPHONE_RATE_HZ, toRateHz: sampleRateHz });
    }
  }

  /** Base64 of what `pcm` (s16 mono 16 kHz) makes; empty where the resampler needs more first. */
  encode(pcm: Int16Array): string {
    const samples = this.#resampler ? this.#resampler.process(pcm) : pcm;
    const { buffer, byteOffset, byteLength } = this.format.encoding === 'ulaw' ? encodeUlaw(samples) : bytesFromPcm16(samples);
    return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  }
}
