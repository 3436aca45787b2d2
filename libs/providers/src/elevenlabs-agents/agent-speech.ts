import { decodeUlaw, pcm16FromBytes, PcmResampler } from '@parley/audio';
import { SampleAssembler } from '../pcm/sample-assembler';
import type { AgentAudioFormat } from './agent-audio-format';

/** Length of the first part of a piece. Resampling a long piece takes a millisecond or more, so its beginning is passed on first. */
const HEAD_MS = 100;

/**
 * Decodes the agent's audio and resamples it to the requested rate. There is one instance for each session. Pieces may end anywhere, even
 * inside a sample.
 */
export class AgentSpeech {
  readonly #resampler: PcmResampler | undefined;
  #assembler: SampleAssembler | undefined;

  constructor(
    private readonly format: AgentAudioFormat,
    wantedRateHz: number,
  ) {
    if (format.sampleRateHz !== wantedRateHz) {
      this.#resampler = new PcmResampler({ fromRateHz: format.sampleRateHz, toRateHz: wantedRateHz });
    }
  }

  /** Passes the samples that a base64 piece completes to `take`, in order. Each array is newly allocated and never empty. */
  decode(base64: string, take: (pcm: Int16Array) => void): void {
    const bytes = Buffer.from(base64, 'base64');
    const samples = this.format.encoding === 'ulaw' ? decodeUlaw(bytes) : this.#whole(bytes);
    const resampler = this.#resampler;
    if (!resampler) return samples.length > 0 ? take(samples) : undefined;
    const head = Math.round((this.format.sampleRateHz * HEAD_MS) / 1000);
    for (const part of [samples.subarray(0, head), samples.subarray(head)]) {
      const pcm = resampler.process(part);
      if (pcm.length > 0) take(pcm.slice());
    }
  }

  /** Forgets the audio so far, because the next audio does not continue it. */
  reset(): void {
    this.#assembler = undefined;
    this.#resampler?.reset();
  }

  /**
   * Pieces of whole samples are used without copying. After the first piece with an odd number of bytes, bytes are carried over to the next
   * piece.
   */
  #whole(bytes: Buffer): Int16Array {
    if (this.#assembler === undefined && bytes.length % 2 === 0) return pcm16FromBytes(bytes);
    this.#assembler ??= new SampleAssembler();
    return this.#assembler.push(bytes);
  }
}
