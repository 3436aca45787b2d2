import { pcm16FromBytes, PcmResampler } from '@parley/audio';
import { SampleAssembler } from '../pcm/sample-assembler';
import { decodeUlaw } from '../pcm/ulaw';
import type { AgentAudioFormat } from './agent-audio-format';

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

  /** The samples that a piece in base64 completes, in memory of their own; possibly none. */
  decode(base64: string): Int16Array {
    const bytes = Buffer.from(base64, 'base64');
    const samples = this.format.encoding === 'ulaw' ? decodeUlaw(bytes) : this.#whole(bytes);
    return this.#resampler ? this.#resampler.process(samples).slice() : samples;
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
