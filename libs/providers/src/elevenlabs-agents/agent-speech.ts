import { pcm16FromBytes, PcmResampler } from '@parley/audio';
import { SampleAssembler } from '../pcm/sample-assembler';
import { decodeUlaw } from '../pcm/ulaw';
import type { AgentAudioFormat } from './agent-audio-format';

/** A long piece takes a millisecond or more to resample: its beginning does not wait for its end. */
const HEAD_MS = 100;

/** The agent's audio at the rate that is wanted. One per session; pieces may be cut anywhere. */
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

  /** Hands out the samples that a piece in base64 completes, in memory of their own and in order; never empty. */
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

  /** What comes next has nothing to do with what came so far. */
  reset(): void {
    this.#assembler = undefined;
    this.#resampler?.reset();
  }

  /** Whole samples are used where they lie; from the first odd piece on, bytes are carried over. */
  #whole(bytes: Buffer): Int16Array {
    if (this.#assembler === undefined && bytes.length % 2 === 0) return pcm16FromBytes(bytes);
    this.#assembler ??= new SampleAssembler();
    return this.#assembler.push(bytes);
  }
}
