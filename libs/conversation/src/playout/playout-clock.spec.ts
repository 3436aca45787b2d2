import fc from 'fast-check';
import { PlayoutClock } from './playout-clock';

const BUFFER_MS = 200;
const sent = (durationMs: number, atMs: number): PlayoutClock => PlayoutClock.START.sent(durationMs, atMs, BUFFER_MS);

describe('the playout clock without reports', () => {
  it('starts after the buffer of the player has filled, and ends when everything was heard', () => {
    const clock = sent(1_000, 500);
    expect([500, 700, 1_200, 1_700, 9_000].map((atMs) => clock.playedMs(atMs))).toEqual([0, 0, 500, 1_000, 1_000]);
  });

  it('continues without refilling the buffer while audio is left, and also after it has run dry', () => {
    expect(sent(1_000, 500).sent(300, 600, BUFFER_MS).endsAtMs).toBe(2_000);
    expect(sent(1_000, 500).sent(300, 5_000, BUFFER_MS).endsAtMs).toBe(5_300);
  });

  it('knows how much audio is still to be heard', () => {
    expect([500, 1_200, 3_000].map((atMs) => sent(1_000, 500).leadMs(atMs))).toEqual([1_200, 500, 0]);
  });
});

describe('the playout clock with reports', () => {
  it('adds the time since the last report to the reported position, for at most half a second', () => {
    const clock = sent(2_000, 0).reported(300, 600);
    expect([600, 800, 1_100, 5_000].map((atMs) => clock.playedMs(atMs))).toEqual([300, 500, 800, 800]);
  });

  it.each([
    ['more audio than was sent', 9_000, 2_000],
    ['less audio than the report before', 100, 300],
    ['a negative time', -5, 300],
  ])('does not accept a report of %s', (_, reportedMs, expected) => {
    expect(sent(2_000, 0).reported(300, 600).reported(reportedMs, 700).reportedMs).toBe(expected);
  });

  it('does not let the sender run too far ahead of a listener that falls behind', () => {
    expect(sent(2_000, 0).reported(0, 2_000).leadMs(2_100)).toBe(1_900);
  });
});

describe('the time at which the listener heard the last sample', () => {
  it('is now while audio is playing, and the end of the audio afterwards', () => {
    expect([900, 1_200, 9_000].map((atMs) => sent(1_000, 0).playedUntilAtMs(atMs))).toEqual([900, 1_200, 1_200]);
  });

  it('is at most half a second after a report, and not after the end of the sent audio', () => {
    expect([700, 9_000].map((atMs) => sent(2_000, 0).reported(300, 600).playedUntilAtMs(atMs))).toEqual([700, 1_100]);
    expect(sent(500, 0).reported(400, 600).playedUntilAtMs(9_000)).toBe(700);
  });
});

describe('the playout clock when paused', () => {
  it('stays at its position, with and without reports', () => {
    for (const clock of [sent(2_000, 0), sent(2_000, 0).reported(300, 600)]) {
      const before = clock.playedMs(900);
      expect(clock.resumed(900, 4_000).playedMs(4_000)).toBe(before);
    }
  });

  it('does not move back for a listener that had heard everything', () => {
    expect(sent(500, 0).resumed(2_000, 4_000).playedMs(4_000)).toBe(500);
  });
});

describe('the playout clock in any order of events', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('sent' as const), value: fc.integer({ min: 1, max: 3_000 }) }),
    fc.record({ type: fc.constant('report' as const), value: fc.integer({ min: -100, max: 20_000 }) }),
    fc.record({ type: fc.constant('pause' as const), value: fc.integer({ min: 0, max: 5_000 }) }),
  );

  it('never counts more audio as heard than was sent, and never takes back what a listener reported', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 2_000 })), { maxLength: 40 }), (steps) => {
        let clock = PlayoutClock.START;
        let atMs = 0;
        for (const [{ type, value }, waitMs] of steps) {
          const { reportedMs } = clock;
          if (type === 'sent') clock = clock.sent(value, atMs, BUFFER_MS);
          else if (type === 'report') clock = clock.reported(value, atMs);
          else clock = clock.resumed(atMs, (atMs += value));
          expect(clock.reportedMs ?? 0).toBeGreaterThanOrEqual(reportedMs ?? 0);
          atMs += waitMs;
          expect(clock.playedMs(atMs)).toBeGreaterThanOrEqual(0);
          expect(clock.playedMs(atMs)).toBeLessThanOrEqual(clock.sentMs);
          expect(clock.leadMs(atMs)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
