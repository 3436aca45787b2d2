import fc from 'fast-check';
import { observedJitterBuffer, ramp, zeros } from '../testing/observed-jitter-buffer';
import { JitterBuffer } from './jitter-buffer';

const FADE_MS = 5;
const RATE_HZ = 8_000;
const PER_MS = RATE_HZ / 1000;
const AMPLITUDE = 0.9;
/** A slow tone, so that its own steps are small beside those of a hard edge. */
const TONE_HZ = 100;
const TONE_STEP = (AMPLITUDE * 2 * Math.PI * TONE_HZ) / RATE_HZ;
/** What a fade adds to a step: of the edges, of the duck (15 ms) and of the standstill (10 ms), all of which may coincide. */
const FADE_STEP = AMPLITUDE * (1 / (FADE_MS * PER_MS + 1) + 0.9 / (15 * PER_MS) + 1 / (10 * PER_MS + 1));
/** One turn ends and the next begins: both are at their quietest. */
const EDGE_STEP = (2 * AMPLITUDE) / (FADE_MS * PER_MS + 1);
const LARGEST_STEP = Math.max(TONE_STEP + FADE_STEP, EDGE_STEP) + 1e-6;

/** A tone that begins and ends anywhere in its swing, as sound does that a vendor cuts off. */
const tone = (from: number, samples: number, phase: number): Float32Array =>
  Float32Array.from({ length: samples }, (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * (from + i)) / RATE_HZ + phase));

const largestStep = (samples: readonly number[]): number =>
  samples.reduce((largest, sample, i) => Math.max(largest, Math.abs(sample - (samples[i - 1] ?? 0))), 0);

type Step = {
  readonly kind: 'write' | 'read' | 'stall' | 'burst' | 'end' | 'flush' | 'nextTurn' | 'duck' | 'unduck' | 'hold' | 'release' | 'reset';
  readonly durationMs: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    ...(['write', 'write', 'write', 'read', 'read', 'read', 'stall', 'burst', 'end', 'flush', 'nextTurn'] as const),
    ...(['duck', 'unduck', 'hold', 'release', 'reset'] as const),
  ),
  durationMs: fc.integer({ min: 1, max: 60 }),
});

/** All that is heard of a line and of a listener that do these things. */
function heard(steps: readonly Step[], capacityMs: number): { out: number[]; played: number; told: number } {
  let told = 0;
  const closed = (_turn: number, playedSamples: number): void => void (told += playedSamples);
  const listener = { onStarted: () => undefined, onUnderrun: () => undefined, onEnded: closed, onFlushed: closed };
  const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ, listener, startMs: 40, restartMs: 20, maxStartMs: 80, capacityMs });
  const out: number[] = [];
  let [turn, written] = [1, 0];
  const read = (durationMs: number): void => {
    const block = new Float32Array(durationMs * PER_MS);
    buffer.read(block);
    for (const sample of block) out.push(sample);
  };
  const write = (durationMs: number): void => {
    const samples = durationMs * PER_MS;
    buffer.write(turn, tone(written, samples, turn));
    written += samples;
  };
  for (const { kind, durationMs } of steps) {
    if (kind === 'write') write(durationMs);
    else if (kind === 'burst') write(durationMs * 8);
    else if (kind === 'read') read(durationMs);
    else if (kind === 'stall') read(durationMs * 4);
    else if (kind === 'end') buffer.end(turn);
    else if (kind === 'flush') buffer.flush(turn);
    else if (kind === 'nextTurn') [turn, written] = [turn + 1, 0];
    else if (kind === 'reset') {
      buffer.reset();
      [turn, written] = [1, 0];
    } else if (kind === 'duck' || kind === 'unduck') buffer.duck(turn, kind === 'duck');
    else buffer.hold(turn, kind === 'hold');
  }
  buffer.hold(turn, false);
  buffer.end(turn);
  read(capacityMs + 100);
  return { out, played: out.filter((sample) => sample !== 0).length, told };
}

describe('JitterBuffer, at the edges of the sound', () => {
  it('fades out before it runs out of audio, and fades in when it continues', () => {
    const { buffer, read } = observedJitterBuffer({ fadeMs: FADE_MS });
    buffer.write(1, new Float32Array(200).fill(1));
    read(190);
    const out = read(20);
    [1, 1, 1, 1, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6].forEach((volume, i) => expect(out[i]).toBeCloseTo(volume, 6));
    expect(out.slice(10)).toEqual(zeros(10));
    buffer.write(1, new Float32Array(100).fill(1));
    [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1, 1].forEach((volume) => expect(read(1)[0]).toBeCloseTo(volume, 6));
  });

  it('gets louder again when more audio arrives at the last moment, which is not an underrun', () => {
    const { buffer, read } = observedJitterBuffer({ fadeMs: FADE_MS });
    buffer.write(1, new Float32Array(200).fill(1));
    read(197);
    buffer.write(1, new Float32Array(100).fill(1));
    [5 / 6, 1, 1].forEach((volume) => expect(read(1)[0]).toBeCloseTo(volume, 6));
    expect(buffer.underrunCount).toBe(0);
  });

  it('fades at both ends of a turn, and between two turns', () => {
    const { buffer, read } = observedJitterBuffer({ fadeMs: FADE_MS });
    for (const turn of [1, 2]) {
      buffer.write(turn, new Float32Array(20).fill(1));
      buffer.end(turn);
    }
    const volumes = [1, 2, 3, 4, 5, ...Array<number>(10).fill(6), 5, 4, 3, 2, 1].map((steps) => steps / 6);
    const out = read(41);
    [...volumes, ...volumes, 0].forEach((volume, i) => expect(out[i]).toBeCloseTo(volume, 6));
  });

  it('fades out the current turn on a reset, and plays nothing more of it', () => {
    const { buffer, events, read } = observedJitterBuffer({ fadeMs: FADE_MS });
    buffer.write(9, new Float32Array(300).fill(1));
    read(50);
    buffer.reset();
    expect(buffer.isEmpty).toBe(false);
    const out = read(10);
    [5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 0].forEach((volume, i) => expect(out[i]).toBeCloseTo(volume, 6));
    expect([buffer.isEmpty, buffer.bufferedSamples, events]).toEqual([true, 0, [['started', 9]]]);
  });

  it('has no step larger than those of the signal and of the fades, whatever the connection and the listener do', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(200, 2_000), (steps, capacityMs) => {
        expect(largestStep(heard(steps, capacityMs).out)).toBeLessThanOrEqual(LARGEST_STEP);
      }),
      { numRuns: 200 },
    );
  });

  it('reports for each turn as many samples as it played, on any connection', () => {
    const lineOnly = step.filter(({ kind }) => kind !== 'reset');
    fc.assert(
      fc.property(fc.array(lineOnly, { maxLength: 80 }), (steps) => {
        const { played, told } = heard(steps, 2_000);
        // Of a hundred samples of the tone one may be exactly 0.
        expect(Math.abs(played - told)).toBeLessThanOrEqual(told / 50 + 2);
      }),
      { numRuns: 200 },
    );
  });
});

describe('JitterBuffer, on a bad connection', () => {
  /** Plays a turn through so many gaps; gives back how much each turn or restart had to gather, in milliseconds. */
  const listen = () => {
    const { buffer, read } = observedJitterBuffer();
    let turn = 0;
    const gathered = (): number => {
      let ms = 0;
      while (read(1)[0] === 0 && ms < 1_000) {
        buffer.write(turn, ramp(1, 1));
        ms++;
      }
      return ms;
    };
    const starve = (): void => {
      read(1_000);
    };
    const begin = (): number => {
      turn++;
      return gathered();
    };
    const finish = (): void => {
      buffer.end(turn);
      read(1_000);
    };
    return { buffer, read, begin, starve, gathered, finish, write: (ms: number) => buffer.write(turn, ramp(1, ms)) };
  };

  it('waits for more audio after each gap, in the same turn and before the next one, up to 400 ms', () => {
    const line = listen();
    expect(line.begin()).toBe(200);
    const restarts: number[] = [];
    for (let gap = 0; gap < 6; gap++) {
      line.starve();
      restarts.push(line.gathered());
    }
    expect(restarts).toEqual([80, 180, 280, 380, 400, 400]);
    line.finish();
    expect(line.begin()).toBe(400);
  });

  it('waits for less again with each turn without a gap, down to the initial amount', () => {
    const line = listen();
    line.begin();
    for (let gap = 0; gap < 3; gap++) {
      line.starve();
      line.gathered();
    }
    line.finish();
    const starts: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      starts.push(line.begin());
      line.finish();
    }
    expect(starts).toEqual([400, 350, 300, 250, 200, 200]);
  });

  it('waits for less again while a long turn plays without a gap', () => {
    const line = listen();
    line.begin();
    line.starve();
    line.gathered();
    for (let played = 0; played < 10_000; played += 100) {
      line.write(100);
      line.read(100);
    }
    line.finish();
    expect(line.begin()).toBe(200);
  });

  it('keeps the size of its start buffer after a reset', () => {
    const line = listen();
    line.begin();
    line.starve();
    line.buffer.reset();
    expect(line.begin()).toBe(300);
  });

  it('does not wait for more audio than it can hold', () => {
    const { buffer, read } = observedJitterBuffer({ capacityMs: 250 });
    for (let gap = 0; gap < 5; gap++) {
      buffer.write(1, ramp(1, 250));
      expect(read(250)[0]).toBe(1);
      read(10);
    }
  });

  it('starts a turn at once when all of it has arrived', () => {
    const line = listen();
    line.begin();
    line.starve();
    line.finish();
    const { buffer, read } = line;
    buffer.write(2, ramp(1, 10));
    buffer.end(2);
    expect(read(1)).toEqual([1]);
  });
});
