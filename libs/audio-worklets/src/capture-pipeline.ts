import { floatToPcm16, Framer, Resampler, rmsDbfs } from '@parley/audio';
import { CAPTURE_FRAME_SAMPLES, CAPTURE_SAMPLE_RATE_HZ } from './messages';

/** Where the audio comes from and where it goes. */
export interface CapturePipelineOptions {
  readonly contextRateHz: number;
  /** Called with a whole frame; the array belongs to the receiver. */
  readonly onFrame: (pcm: Int16Array<ArrayBuffer>, levelDbfs: number) => void;
}

/** The Web Audio render quantum, in samples: the length of the block that a connected input would have had. */
const RENDER_QUANTUM_SAMPLES = 128;

/** Microphone samples at the context's rate in, 20 ms frames of 16 kHz PCM out. Runs on the audio thread. */
export class CapturePipeline {
  private readonly resampler: Resampler;
  private readonly framer: Framer;
  private silence = new Float32Array(RENDER_QUANTUM_SAMPLES);
  private muted = false;

  constructor({ contextRateHz, onFrame }: CapturePipelineOptions) {
    this.resampler = new Resampler({ fromRateHz: contextRateHz, toRateHz: CAPTURE_SAMPLE_RATE_HZ });
    this.framer = new Framer({
      frameSamples: CAPTURE_FRAME_SAMPLES,
      // One array of 640 bytes per 20 ms. It is transferred, so it cannot be reused here, and sending it back would cost as much.
      onFrame: (frame) => onFrame(frame.slice(), rmsDbfs(frame)),
    });
  }

  /** While muted, silent frames continue at the same pace, because the receiver uses the audio as its clock. */
  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  /** Takes one block of mono input. Undefined means that nothing is connected, which counts as silence for the same reason. */
  push(input: Float32Array | undefined): void {
    const samples = this.resampler.process(input && !this.muted ? input : this.silenceLike(input));
    for (let i = 0; i < samples.length; i++) this.framer.pushSample(floatToPcm16(samples[i]));
  }

  private silenceLike(input: Float32Array | undefined): Float32Array {
    const length = input?.length ?? RENDER_QUANTUM_SAMPLES;
    if (this.silence.length !== length) this.silence = new Float32Array(length);
    return this.silence;
  }
}
