import { bytesFromPcm16, encodeUlaw, PcmResampler } from '@parley/audio';
import type { AgentAudioFormat } from './agent-audio-format';

const MICROPHONE_RATE_HZ = 16_000;

/**
 * Encodes the microphone audio in the format that the agent expects. There is one instance for each session, because the resampler keeps
 * state between calls.
 */
export class AgentMicrophone {
  readonly #resampler: PcmResampler | undefined;

  constructor(private readonly format: AgentAudioFormat) {
    const { sampleRateHz } = format;
    if (sampleRateHz !== MICROPHONE_RATE_HZ) {
      this.#resampler = new PcmResampler({ fromRateHz: MICROPHONE_RATE_HZ, toRateHz: sampleRateHz });
    }
  }

  /**
   * Returns `pcm` (16-bit mono at 16 kHz) as base64 in the format of the agent. The result is empty while the resampler needs more input.
   */
  encode(pcm: Int16Array): string {
    const samples = this.#resampler ? this.#resampler.process(pcm) : pcm;
    const { buffer, byteOffset, byteLength } = this.format.encoding === 'ulaw' ? encodeUlaw(samples) : bytesFromPcm16(samples);
    return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  }
}
