import { JitterBuffer, type JitterBufferOptions } from '../lib/jitter-buffer';

/** What a jitter buffer told its listener, in order. */
export type JitterEvent = [event: 'started' | 'underrun', turn: number] | [event: 'ended' | 'flushed', turn: number, playedSamples: number];

export interface ObservedJitterBuffer {
  buffer: JitterBuffer;
  events: JitterEvent[];
  /** What the buffer plays next; NaN would be a sample that it did not write. */
  read: (samples: number) => number[];
}

/** A jitter buffer at 1000 Hz, where a sample is a millisecond, and all that it tells. Without another `fadeMs` it plays every sample as it came, to be known by its value. */
export function observedJitterBuffer(options: Partial<JitterBufferOptions> = {}): ObservedJitterBuffer {
  const events: JitterEvent[] = [];
  const buffer = new JitterBuffer({
    sampleRateHz: 1000,
    fadeMs: 0,
    listener: {
      onStarted: (turn) => events.push(['started', turn]),
      onEnded: (turn, played) => events.push(['ended', turn, played]),
      onFlushed: (turn, played) => events.push(['flushed', turn, played]),
      onUnderrun: (turn) => events.push(['underrun', turn]),
    },
    ...options,
  });
  const read = (samples: number): number[] => {
    const out = new Float32Array(samples).fill(Number.NaN);
    buffer.read(out);
    return [...out];
  };
  return { buffer, events, read };
}

/** Samples that count up from `from`: each tells its place. */
export const ramp = (from: number, length: number): Float32Array => Float32Array.from({ length }, (_, i) => from + i);
/** The same as an array, to compare with. */
export const values = (from: number, length: number): number[] => [...ramp(from, length)];
export const zeros = (length: number): number[] => Array<number>(length).fill(0);
