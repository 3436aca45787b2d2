import fc from 'fast-check';
import { type JitterEvent, observedJitterBuffer, ramp, values, zeros } from '../testing/observed-jitter-buffer';

describe('JitterBuffer', () => {
  it('starts when 200 ms have arrived', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 199));
    expect(read(10)).toEqual(zeros(10));
    expect(buffer.currentTurn).toBeUndefined();
    expect(events).toEqual([]);
    buffer.write(1, ramp(200, 1));
    expect(read(10)).toEqual(values(1, 10));
    expect(events).toEqual([['started', 1]]);
    expect(buffer.currentTurn).toBe(1);
    expect(buffer.playedSamples).toBe(10);
    expect(buffer.bufferedSamples).toBe(190);
  });

  it('starts a short turn when its end is known, and reports its end', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 15));
    buffer.end(1);
    expect(read(10)).toEqual(values(1, 10));
    expect(read(10)).toEqual([...values(11, 5), ...zeros(5)]);
    expect(events).toEqual([
      ['started', 1],
      ['ended', 1, 15],
    ]);
    expect(buffer.underrunCount).toBe(0);
  });

  it('is silent on an underrun, counts it once and continues with 80 ms', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 200));
    expect(read(205)).toEqual([...values(1, 200), ...zeros(5)]);
    buffer.write(1, ramp(201, 79));
    expect(read(10)).toEqual(zeros(10));
    expect(buffer.currentTurn).toBe(1);
    buffer.write(1, ramp(280, 1));
    expect(read(10)).toEqual(values(201, 10));
    expect(buffer.underrunCount).toBe(1);
    expect(events).toEqual([
      ['started', 1],
      ['underrun', 1],
    ]);
  });

  it('does not count an exactly emptied buffer as an underrun until audio is missing', () => {
    const { buffer, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 200));
    read(200);
    expect(buffer.underrunCount).toBe(0);
    buffer.write(1, ramp(201, 5));
    expect(read(5)).toEqual(values(201, 5));
    read(1);
    expect(buffer.underrunCount).toBe(1);
  });

  it('plays the rest after an underrun when the end is known', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 200));
    read(201);
    buffer.write(1, ramp(201, 3));
    buffer.end(1);
    expect(read(5)).toEqual([...values(201, 3), 0, 0]);
    expect(events.at(-1)).toEqual(['ended', 1, 203]);
  });

  it('plays turn after turn, without a gap if both are complete', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 5));
    buffer.end(1);
    buffer.write(2, ramp(101, 5));
    buffer.end(2);
    expect(read(12)).toEqual([...values(1, 5), ...values(101, 5), 0, 0]);
    expect(events).toEqual([
      ['started', 1],
      ['ended', 1, 5],
      ['started', 2],
      ['ended', 2, 5],
    ]);
  });

  it('ends a turn when audio of a later one arrives', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 5));
    buffer.write(2, ramp(101, 5));
    expect(buffer.write(1, ramp(6, 5))).toBe(0);
    expect(read(10)).toEqual([...values(1, 5), ...zeros(5)]);
    expect(events.at(-1)).toEqual(['ended', 1, 5]);
  });

  it('reports the end of a turn without audio, but not its start', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.end(3);
    read(1);
    expect(events).toEqual([['ended', 3, 0]]);
    expect(buffer.write(3, ramp(1, 5))).toBe(0);
  });

  it('fades out the current turn in 5 ms when it is flushed, and plays no more of it', () => {
    const { buffer, events, read } = observedJitterBuffer({ fadeMs: 5 });
    buffer.write(1, new Float32Array(300).fill(1));
    read(10);
    buffer.flush(1);
    expect(events.at(-1)).toEqual(['flushed', 1, 15]);
    expect(buffer.currentTurn).toBeUndefined();
    expect(buffer.write(1, new Float32Array(300).fill(1))).toBe(0);
    buffer.end(1);
    const faded = read(20);
    [5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6].forEach((volume, i) => expect(faded[i]).toBeCloseTo(volume, 6));
    expect(faded.slice(5)).toEqual(zeros(15));
    expect(events).toHaveLength(2);
  });

  it('plays nothing of a turn that is flushed before its start', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 150));
    buffer.flush(1);
    buffer.flush(1);
    expect(read(10)).toEqual(zeros(10));
    expect(events).toEqual([['flushed', 1, 0]]);
  });

  it('drops a turn that is flushed before its first audio, and lets the previous one end', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 5));
    buffer.flush(2);
    expect(buffer.write(2, ramp(1, 500))).toBe(0);
    expect(read(10)).toEqual([...values(1, 5), ...zeros(5)]);
    expect(events).toEqual([
      ['flushed', 2, 0],
      ['started', 1],
      ['ended', 1, 5],
    ]);
  });

  it('drops a queued turn between two others', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 5));
    buffer.write(2, ramp(101, 5));
    buffer.write(3, ramp(201, 5));
    buffer.end(3);
    buffer.flush(2);
    expect(read(12)).toEqual([...values(1, 5), ...values(201, 5), 0, 0]);
    expect(events).toEqual([
      ['flushed', 2, 0],
      ['started', 1],
      ['ended', 1, 5],
      ['started', 3],
      ['ended', 3, 5],
    ]);
  });

  it('reports nothing when a turn is flushed that has ended', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(1, ramp(1, 5));
    buffer.end(1);
    read(10);
    buffer.flush(1);
    expect(events.at(-1)).toEqual(['ended', 1, 5]);
    expect(events).toHaveLength(2);
  });

  it('drops the newest audio when it is full, and counts it', () => {
    const { buffer, read } = observedJitterBuffer({ capacityMs: 250 });
    expect(buffer.write(1, ramp(1, 200))).toBe(200);
    expect(buffer.write(1, ramp(201, 100))).toBe(50);
    expect(buffer.overflowSamples).toBe(50);
    expect(read(250)).toEqual(values(1, 250));
    expect(buffer.write(1, ramp(1, 100))).toBe(100);
  });

  it('has room again at once after a flush', () => {
    const { buffer, read } = observedJitterBuffer({ capacityMs: 250, fadeMs: 0 });
    buffer.write(1, ramp(1, 250));
    read(1);
    buffer.flush(1);
    expect(buffer.write(2, ramp(301, 250))).toBe(250);
    expect(read(250)).toEqual(values(301, 250));
  });

  it('starts even if the start threshold is more than it can hold', () => {
    const { buffer, read } = observedJitterBuffer({ capacityMs: 100 });
    buffer.write(1, ramp(1, 200));
    expect(read(100)).toEqual(values(1, 100));
  });

  it('lowers its volume to a tenth within 20 ms when ducked, and restores it', () => {
    const { buffer, read } = observedJitterBuffer();
    buffer.write(1, new Float32Array(2000).fill(1));
    expect(read(10)).toEqual(Array(10).fill(1));
    buffer.duck(1, true);
    const down = read(20);
    expect(down[0]).toBeGreaterThan(0.9);
    expect(down.every((volume, i) => i === 0 || volume <= down[i - 1])).toBe(true);
    expect(down[19]).toBeCloseTo(0.1, 6);
    expect(read(5)[4]).toBeCloseTo(0.1, 6);
    buffer.duck(7, false);
    expect(read(5)[4]).toBeCloseTo(0.1, 6);
    buffer.duck(1, false);
    const up = read(20);
    expect(up[0]).toBeLessThan(0.2);
    expect(up[19]).toBe(1);
  });

  it('plays the next turn at its own volume', () => {
    const { buffer, read } = observedJitterBuffer();
    buffer.write(1, new Float32Array(10).fill(1));
    buffer.end(1);
    buffer.duck(1, true);
    expect(read(10)[0]).toBeCloseTo(0.1, 6);
    buffer.write(2, new Float32Array(10).fill(1));
    buffer.end(2);
    expect(read(10)).toEqual(Array(10).fill(1));
  });

  it('accepts turn numbers from the beginning again after a reset', () => {
    const { buffer, events, read } = observedJitterBuffer();
    buffer.write(9, ramp(1, 300));
    read(10);
    buffer.reset();
    expect(read(10)).toEqual(zeros(10));
    buffer.write(1, ramp(501, 5));
    buffer.end(1);
    expect(read(6)).toEqual([...values(501, 5), 0]);
    expect(events).toEqual([
      ['started', 9],
      ['started', 1],
      ['ended', 1, 5],
    ]);
  });
});

describe('JitterBuffer, for any sequence of calls', () => {
  /** Sample `i` of turn `t`, exact in 32-bit floats and never 0. */
  const sampleOf = (turn: number, i: number): number => turn * 10_000 + i + 1;

  type Step = { readonly kind: 'write' | 'end' | 'flush' | 'read' | 'nextTurn' | 'late'; readonly count: number };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('write', 'write', 'write', 'read', 'read', 'read', 'end', 'flush', 'nextTurn', 'late'),
    count: fc.integer({ min: 1, max: 40 }),
  });

  interface Run {
    readonly accepted: Map<number, number[]>;
    readonly played: { readonly turn: number; readonly value: number; readonly afterFlush: number }[];
    readonly events: JitterEvent[];
  }

  /** Runs the steps, then lets everything end. `afterFlush` is how many samples were read since the flush of that sample's turn. */
  function run(steps: readonly Step[], fadeMs: number, capacityMs: number): Run {
    const { buffer, events, read } = observedJitterBuffer({ startMs: 30, restartMs: 10, capacityMs, fadeMs });
    const accepted = new Map<number, number[]>();
    const flushedAt = new Map<number, number>();
    const played: Run['played'][number][] = [];
    let turn = 1;
    let clock = 0;
    const write = (to: number, count: number): void => {
      const list = accepted.get(to) ?? [];
      const samples = Array.from({ length: count }, (_, i) => sampleOf(to, list.length + i));
      accepted.set(to, [...list, ...samples.slice(0, buffer.write(to, Float32Array.from(samples)))]);
    };
    const lastStarted = (): number => events.findLast(([event]) => event === 'started')?.[1] ?? Number.NaN;
    const take = (value: number, owner: number): void => {
      if (value !== 0) played.push({ turn: owner, value, afterFlush: clock - (flushedAt.get(owner) ?? clock) });
      clock++;
    };
    const readBlock = (count: number): void => {
      // A sample tells its turn as long as it is not faded; else only the events do, sample by sample.
      if (fadeMs === 0) for (const value of read(count)) take(value, Math.floor(value / 10_000));
      else for (let i = 0; i < count; i++) take(read(1)[0], lastStarted());
    };
    for (const { kind, count } of steps) {
      if (kind === 'write') write(turn, count);
      else if (kind === 'late') write(Math.max(1, turn - 1), count);
      else if (kind === 'read') readBlock(count);
      else if (kind === 'nextTurn') turn++;
      else if (kind === 'end') buffer.end(turn);
      else {
        const target = Math.max(1, turn - (count % 2));
        buffer.flush(target);
        if (!flushedAt.has(target)) flushedAt.set(target, clock);
      }
    }
    buffer.end(turn + 1);
    readBlock(capacityMs + 10);
    return { accepted, played, events };
  }

  it('plays audio in order, and all audio of a turn that was not flushed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(60, 100, 1000), (steps, capacityMs) => {
        const { accepted, played, events } = run(steps, 0, capacityMs);
        const turns = played.map(({ turn }) => turn);
        expect(turns).toEqual([...turns].sort((a, b) => a - b));
        for (const [turn, samples] of accepted) {
          const heard = played.filter((sample) => sample.turn === turn).map(({ value }) => value);
          expect(heard).toEqual(samples.slice(0, heard.length));
          const closings = events.filter(([event, of]) => of === turn && (event === 'ended' || event === 'flushed'));
          // A turn that was never opened (its first audio came too late) is never closed either.
          expect(closings.length).toBeLessThanOrEqual(1);
          if (samples.length > 0) expect(closings).toEqual([[closings[0]?.[0], turn, heard.length]]);
          if (closings[0]?.[0] === 'ended') expect(heard).toHaveLength(samples.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('plays nothing of a flushed turn after the fade', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const fadeMs = 5;
        for (const { afterFlush } of run(steps, fadeMs, 1000).played) expect(afterFlush).toBeLessThan(fadeMs);
      }),
      { numRuns: 300 },
    );
  });
});
