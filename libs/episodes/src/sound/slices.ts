import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 500;

/**
 * A recording in slices of half a second. Before each, the rest of the process has its turn: work on an episode takes seconds, and conversations
 * go on meanwhile.
 */
export async function* slices(pcm: Int16Array, sampleRateHz: number): AsyncGenerator<Int16Array> {
  const length = sliceSamples(sampleRateHz);
  for (let at = 0; at < pcm.length; at += length) {
    await setImmediate();
    yield pcm.subarray(at, at + length);
  }
}

export function sliceSamples(sampleRateHz: number): number {
  return Math.ceil((SLICE_MS * sampleRateHz) / 1000);
}
