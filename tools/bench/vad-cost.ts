import { SILERO_WINDOW_SAMPLES, SileroVad, type SileroStream, type SileroWeights, VoiceActivityDetector } from '@parley/audio';
import { quantile } from './quantile';

/** The CPU time of one variant. */
export interface Cost {
  readonly name: string;
  /** Microseconds per window of 32 ms: the median and the least of the rounds. */
  readonly medianUs: number;
  readonly leastUs: number;
}

const ROUNDS = 21;
const FRAME_SAMPLES = 320;

/**
 * Measures the variants alternately, so that other load on the machine affects all of them equally.
 * @param conversation with speech and silence, as a session has it
 * @param quiet nothing but a quiet room
 */
export function measureCosts(weights: SileroWeights, conversation: Int16Array, quiet: Int16Array): Cost[] {
  const variants: readonly (readonly [string, () => number])[] = [
    ['network, plain TypeScript', () => runNetwork(new SileroVad(weights.layers), conversation)],
    ...(weights.wasm ? [['network, WebAssembly SIMD', () => runNetwork(weights.createStream(), conversation)] as const] : []),
    ['detector, every window asked', () => runDetector(new VoiceActivityDetector({ weights, everyWindow: true }), conversation)],
    ['detector, conversation', () => runDetector(new VoiceActivityDetector({ weights }), conversation)],
    ['detector, gate closed', () => runDetector(new VoiceActivityDetector({ weights }), quiet)],
  ];
  const times = variants.map(() => [] as number[]);
  for (let round = 0; round <= ROUNDS; round++) {
    variants.forEach(([, run], i) => {
      const startMs = performance.now();
      const windows = run();
      // The first round warms up.
      if (round > 0) times[i].push(((performance.now() - startMs) * 1000) / windows);
    });
  }
  return variants.map(([name], i) => ({ name, medianUs: quantile(times[i], 0.5), leastUs: Math.min(...times[i]) }));
}

/** Gives the number of windows. */
function runNetwork(stream: SileroStream, pcm: Int16Array): number {
  const window = new Float32Array(SILERO_WINDOW_SAMPLES);
  let windows = 0;
  for (let at = 0; at + SILERO_WINDOW_SAMPLES <= pcm.length; at += SILERO_WINDOW_SAMPLES) {
    for (let i = 0; i < SILERO_WINDOW_SAMPLES; i++) window[i] = pcm[at + i] / 32_768;
    stream.process(window);
    windows++;
  }
  return windows;
}

function runDetector(detector: VoiceActivityDetector, pcm: Int16Array): number {
  let windows = 0;
  const count = () => void windows++;
  for (let at = 0; at + FRAME_SAMPLES <= pcm.length; at += FRAME_SAMPLES) detector.push(pcm.subarray(at, at + FRAME_SAMPLES), count);
  return windows;
}
