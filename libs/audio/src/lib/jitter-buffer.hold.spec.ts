import fc from 'fast-check';
import { type JitterEvent, type ObservedJitterBuffer, observedJitterBuffer, ramp, values, zeros } from '../testing/observed-jitter-buffer';
import type { JitterBufferOptions } from './jitter-buffer';

const FADE_MS = 10;

const setUp = (options: Partial<JitterBufferOptions> = {}): ObservedJitterBuffer =>
  observedJitterBuffer({ holdFadeMs: FADE_MS, ...options });
const falls = (volumes: readonly number[]): boolean => volumes.every((volume, i) => i === 0 || volume < volumes[i - 1]);

describe('JitterBuffer, while a turn is paused', () => {
  it('fades out in 10 ms, and resumes with the very next sample, fading in', () => {
    const { buffer, events, read } = setUp();
    buffer.write(1, ramp(1, 500));
    expect(read(50)).toEqual(values(1, 50));
    buffer.hold(1, true);
    const out = read(100);
    const fadeOut = out.slice(0, FADE_MS).map((sample, i) => sample / (51 + i));
    expect(falls(fadeOut) && fadeOut[0] < 1 && fadeOut[FADE_MS - 1] > 0).toBe(true);
    expect(out.slice(FADE_MS)).toEqual(zeros(90));
    expect([buffer.playedSamples, buffer.currentTurn]).toEqual([60, 1]);
    read(1000);
    expect(buffer.playedSamples).toBe(60);
    buffer.hold(1, false);
    const on = read(40);
    const fadeIn = on.slice(0, FADE_MS).map((sample, i) => sample / (61 + i));
    expect(falls([...fadeIn].reverse()) && fadeIn[0] > 0 && fadeIn[FADE_MS - 1] < 1).toBe(true);
    expect(on.slice(FADE_MS)).toEqual(values(61 + FADE_MS, 30));
    expect(events).toEqual([['started', 1]]);
  });

  it('accepts audio that arrives in the meantime, and the end of the turn', () => {
    const { buffer, events, read } = setUp({ holdFadeMs: 0 });
    buffer.write(1, ramp(1, 200));
    read(100);
    buffer.hold(1, true);
    read(50);
    expect(buffer.write(1, ramp(201, 100))).toBe(100);
    buffer.end(1);
    read(500);
    buffer.hold(1, false);
    expect(read(201)).toEqual([...values(101, 200), 0]);
    expect(events).toEqual([
      ['started', 1],
      ['ended', 1, 300],
    ]);
  });

  it('does not count an underrun when there is no more audio', () => {
    const { buffer, events, read } = setUp();
    buffer.write(1, ramp(1, 200));
    read(195);
    buffer.hold(1, true);
    expect(read(100).slice(5)).toEqual(zeros(95));
    expect([buffer.underrunCount, events]).toEqual([0, [['started', 1]]]);
    buffer.write(1, ramp(201, 100));
    buffer.hold(1, false);
    expect(read(100).slice(FADE_MS)).toEqual(values(201 + FADE_MS, 90));
    expect(buffer.underrunCount).toBe(0);
  });

  it('lets a turn end when its last samples are in the fade', () => {
    const { buffer, events, read } = setUp();
    buffer.write(1, ramp(1, 20));
    buffer.end(1);
    read(15);
    buffer.hold(1, true);
    read(10);
    expect(events.at(-1)).toEqual(['ended', 1, 20]);
  });

  it('is silent at once and for good when the turn is dropped during the pause', () => {
    const { buffer, events, read } = setUp();
    buffer.write(1, ramp(1, 300));
    read(50);
    buffer.hold(1, true);
    read(50);
    buffer.flush(1);
    expect(events.at(-1)).toEqual(['flushed', 1, 50 + FADE_MS]);
    buffer.hold(1, false);
    expect(read(100)).toEqual(zeros(100));
    buffer.write(2, ramp(501, 5));
    buffer.end(2);
    expect(read(6)).toEqual([...values(501, 5), 0]);
  });

  it('only gets quieter when the turn is dropped while it fades out', () => {
    const { buffer, read } = setUp({ fadeMs: 5 });
    buffer.write(1, new Float32Array(300).fill(1));
    read(10);
    buffer.hold(1, true);
    const before = read(5);
    buffer.flush(1);
    const volumes = [...before, ...read(20)];
    expect(falls(volumes.slice(0, 10))).toBe(true);
    expect(volumes.slice(10)).toEqual(zeros(15));
  });

  it('does not start a paused turn, and starts it at its own volume when it resumes', () => {
    const { buffer, events, read } = setUp();
    buffer.write(1, ramp(1, 300));
    buffer.hold(1, true);
    expect(read(100)).toEqual(zeros(100));
    expect(events).toEqual([]);
    buffer.hold(1, false);
    expect(read(10)).toEqual(values(1, 10));
  });

  it('ignores a pause of an older turn, and the end of the pause of another turn', () => {
    const { buffer, read } = setUp({ holdFadeMs: 0 });
    buffer.write(4, ramp(1, 300));
    read(10);
    buffer.hold(3, true);
    expect(read(10)).toEqual(values(11, 10));
    buffer.hold(4, true);
    buffer.hold(3, true);
    buffer.hold(3, false);
    expect(read(10)).toEqual(zeros(10));
  });

  it('ends the pause once a later turn has begun', () => {
    const { buffer, read } = setUp({ holdFadeMs: 0 });
    buffer.write(1, ramp(1, 210));
    read(200);
    buffer.hold(1, true);
    read(5);
    buffer.write(2, ramp(501, 10));
    buffer.end(2);
    expect(read(20)).toEqual([...values(201, 10), ...values(501, 10)]);
  });

  it('accepts ducking in the meantime', () => {
    const { buffer, read } = setUp();
    buffer.write(1, new Float32Array(500).fill(1));
    read(10);
    buffer.duck(1, true);
    read(30);
    buffer.hold(1, true);
    read(50);
    buffer.duck(1, false);
    buffer.hold(1, false);
    expect(Math.max(...read(30))).toBeLessThanOrEqual(1);
    expect(read(10)).toEqual(Array(10).fill(1));
  });
});

describe('JitterBuffer, paused and resumed at any time', () => {
  type Step = { readonly kind: 'write' | 'read' | 'hold' | 'release' | 'olderHold' | 'duck'; readonly count: number };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('write', 'write', 'read', 'read', 'hold', 'release', 'olderHold', 'duck'),
    count: fc.integer({ min: 1, max: 60 }),
  });

  /** Plays turn 5 through the steps and then to its end; gives back all that was read. */
  function run(
    steps: readonly Step[],
    holds: boolean,
  ): { written: number; out: number[]; underrunsWhileHeld: number; events: JitterEvent[] } {
    const { buffer, events, read } = setUp({ startMs: 30, restartMs: 10, capacityMs: 10_000 });
    const out: number[] = [];
    let written = 0;
    let held = false;
    let underrunsWhileHeld = 0;
    const readBlock = (count: number): void => {
      const [before, playedBefore] = [buffer.underrunCount, buffer.playedSamples];
      const block = read(count);
      if (held) underrunsWhileHeld += buffer.underrunCount - before;
      if (events.every(([event]) => event !== 'ended'))
        expect(buffer.playedSamples - playedBefore).toBe(block.filter((sample) => sample !== 0).length);
      out.push(...block);
    };
    for (const { kind, count } of steps) {
      if (kind === 'write') written += buffer.write(5, ramp(written + 1, count));
      else if (kind === 'read') readBlock(count);
      else if (kind === 'duck') buffer.duck(5, count % 2 === 0);
      else if (!holds) continue;
      else if (kind === 'olderHold') buffer.hold(4, count % 2 === 0);
      else buffer.hold(5, (held = kind === 'hold'));
    }
    buffer.hold(5, (held = false));
    buffer.end(5);
    readBlock(written + 1);
    return { written, out, underrunsWhileHeld, events };
  }

  it('plays every sample once and in order, and never louder than without pauses', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { written, out, underrunsWhileHeld, events } = run(steps, true);
        const heard = out.filter((sample) => sample !== 0);
        expect(heard).toHaveLength(written);
        for (const [i, sample] of heard.entries()) {
          const volume = sample / (i + 1);
          expect(volume > 0 && volume < 1.000_001).toBe(true);
        }
        expect(underrunsWhileHeld).toBe(0);
        expect(events.filter(([event]) => event === 'ended')).toEqual([['ended', 5, written]]);
      }),
      { numRuns: 300 },
    );
  });

  it('plays the same samples as without pauses, except for those in a fade', () => {
    const withoutDucks = step.filter(({ kind }) => kind !== 'duck');
    fc.assert(
      fc.property(fc.array(withoutDucks, { maxLength: 60 }), (steps) => {
        const paused = run(steps, true).out.filter((sample) => sample !== 0);
        const whole = run(steps, false).out.filter((sample) => sample !== 0);
        const changes = steps.filter(({ kind }) => kind === 'hold' || kind === 'release').length + 1;
        expect(paused).toHaveLength(whole.length);
        const faded = paused.filter((sample, i) => sample !== whole[i]).length;
        expect(faded).toBeLessThanOrEqual(changes * FADE_MS);
      }),
      { numRuns: 300 },
    );
  });
});
