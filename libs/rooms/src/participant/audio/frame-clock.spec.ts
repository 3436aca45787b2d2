import * as fc from 'fast-check';
import { FrameClock, MAX_CATCH_UP_MS } from './frame-clock';

/** Gives all frames that are due, and returns how many. */
function give(clock: FrameClock, nowMs: number): number {
  let frames = 0;
  for (; clock.isDue(nowMs); frames++) clock.count();
  return frames;
}

describe('the clock of frames', () => {
  it('gives one frame for every 20 ms, however irregularly it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: MAX_CATCH_UP_MS - 20 }), { minLength: 1, maxLength: 50 }), (gaps) => {
        const clock = new FrameClock(1_000);
        let nowMs = 1_000;
        let frames = 0;
        for (const gap of gaps) {
          nowMs += gap;
          frames += give(clock, nowMs);
          expect(clock.dueInMs(nowMs)).toBeLessThanOrEqual(20);
        }
        expect(frames).toBe(Math.floor((nowMs - 1_000) / 20));
      }),
    );
  });

  it('keeps a frame due until it was given', () => {
    const clock = new FrameClock(0);
    expect([clock.isDue(19), clock.isDue(20), clock.isDue(45)]).toEqual([false, true, true]);
    expect(give(clock, 45)).toBe(2);
    expect(clock.isDue(45)).toBe(false);
  });

  it('does not make up for a time in which the process stood still', () => {
    const clock = new FrameClock(0);
    expect(give(clock, 60_000)).toBe(MAX_CATCH_UP_MS / 20);
    expect(give(clock, 60_000)).toBe(0);
    expect(give(clock, 60_020)).toBe(1);
  });
});
