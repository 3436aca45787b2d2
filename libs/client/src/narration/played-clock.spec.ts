import { PlayedClock } from './played-clock';

describe('PlayedClock', () => {
  it('tells the position between two reports', () => {
    const clock = new PlayedClock();
    expect(clock.position(50)).toEqual({ turn: 0, playedMs: 0 });
    clock.report({ turn: 1, event: 'started', playedMs: 0 }, 1_000);
    expect(clock.position(1_100)).toEqual({ turn: 1, playedMs: 100 });
    clock.report({ turn: 1, event: 'progress', playedMs: 250 }, 1_250);
    expect(clock.position(1_300)).toEqual({ turn: 1, playedMs: 300 });
  });

  it('waits for a report that is late, and for sound that was not played yet', () => {
    const clock = new PlayedClock();
    clock.report({ turn: 1, event: 'progress', playedMs: 250 }, 1_000);
    expect(clock.position(9_000).playedMs).toBe(650);
    expect(clock.position(900).playedMs).toBe(250);
  });

  it('stands still while the playback is paused and after its end', () => {
    const clock = new PlayedClock();
    clock.report({ turn: 1, event: 'progress', playedMs: 250 }, 1_000);
    clock.stop(1_100);
    expect(clock.position(1_200).playedMs).toBe(350);
    clock.resume(2_000);
    expect(clock.position(2_100).playedMs).toBe(450);
    clock.report({ turn: 1, event: 'ended', playedMs: 480 }, 2_130);
    expect(clock.position(2_300).playedMs).toBe(480);
  });
});
