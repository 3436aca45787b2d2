import { floatToPcm16, pcm16ToFloat } from './pcm';
import { Resampler, type ResamplerOptions } from './resampler';
import { ReusableArray } from './reusable-array';

/** `Resampler` for signed 16-bit samples. One instance per stream. */
export class PcmResampler {
  private readonly resampler: Resampler;
  private readonly input = new ReusableArray((length) => new Float32Array(length), 0);
  private readonly output = new ReusableArray((length) => new Int16Array(length), 0);

  /** @throws RangeError when a rate is not a positive integer. */
  constructor(options: ResamplerOptions) {
    this.resampler = new Resampler(options);
  }

  /** All output that the input so far allows. The returned view is valid until the next call. */
  process(pcm: Int16Array): Int16Array {
    const input = this.input.atLeast(pcm.length);
    for (let i = 0; i < pcm.length; i++) input[i] = pcm16ToFloat(pcm[i]);
    return this.toPcm(this.resampler.process(this.input.view(pcm.length)));
  }

  /** The rest of the output, as if silence followed; then ready for a new stream. */
  flush(): Int16Array {
    return this.toPcm(this.resampler.flush());
  }

  /** Forgets everything: the next sample begins a new stream. */
  reset(): void {
    this.resampler.reset();
  }

  private toPcm(samples: Float32Array): Int16Array {
    const output = this.output.atLeast(samples.length);
    for (let i = 0; i < samples.length; i++) output[i] = floatToPcm16(samples[i]);
    return this.output.view(samples.length);
  }
}

/** A whole recording at another rate: always a new array, of `ceil(pcm.length * toRateHz / fromRateHz)` samples. */
export function resamplePcm16(pcm: Int16Array, fromRateHz: number, toRateHz: number): Int16Array {
  if (fromRateHz === toRateHz) return pcm.slice();
  const resampler = new PcmResampler({ fromRateHz, toRateHz });
  const body = resampler.process(pcm).slice();
  const rest = resampler.flush();
  const whole = new Int16Array(body.length + rest.length);
  whole.set(body);
  whole.set(rest, body.length);
  return whole;
}
