import { eventually } from '@parley/testing';
import { BanWatch } from './ban-watch';

describe('the watch for people who were removed', () => {
  let present: Record<string, string[]>;
  let asked: string[];
  let isAway: boolean;
  let nowMs: number;
  let watch: BanWatch;

  beforeEach(() => {
    [present, asked, isAway, nowMs] = [{}, [], false, 0];
    watch = make(3_600_000);
  });
  afterEach(() => watch.stop());

  const make = (intervalMs: number): BanWatch =>
    new BanWatch({
      ...{ intervalMs, now: () => nowMs },
      control: {
        participantsIfAny: async (room) => {
          if (isAway) throw new Error('away');
          asked.push(room);
          return (present[room] ?? []).map((identity) => ({ identity }) as never);
        },
        removeParticipant: async (room, identity) => {
          present[room] = present[room].filter((other) => other !== identity);
        },
      },
      onRemoved: (room, identity) => void asked.push(`${identity} left ${room}`),
    });

  it('removes again who comes back, from that room only, and asks each room once', async () => {
    watch.add('kitchen', 'anna');
    watch.add('kitchen', 'ben');
    watch.add('hall', 'carl');
    present = { kitchen: ['anna', 'carl', 'dora'], hall: ['anna'] };
    await watch.look();
    expect(present).toEqual({ kitchen: ['carl', 'dora'], hall: ['anna'] });
    expect(asked).toEqual(['kitchen', 'anna left kitchen', 'hall']);
  });

  it('ends when no token from before can be used any more', async () => {
    watch.add('kitchen', 'anna');
    nowMs = 660_000;
    await watch.look();
    expect([watch.size, asked]).toEqual([1, ['kitchen']]);
    nowMs = 690_000;
    await watch.look();
    expect([watch.size, asked]).toEqual([0, ['kitchen']]);
  });

  it('goes on after the media server was away', async () => {
    watch.add('kitchen', 'anna');
    present = { kitchen: ['anna'] };
    isAway = true;
    await expect(watch.look()).resolves.toBeUndefined();
    isAway = false;
    await watch.look();
    expect(present).toEqual({ kitchen: [] });
  });

  it('looks by itself until it is stopped', async () => {
    watch = make(5);
    watch.add('kitchen', 'anna');
    present = { kitchen: ['anna'] };
    await eventually(() => present['kitchen'].length === 0, 'the removal');
    watch.stop();
    expect(watch.size).toBe(0);
  });

  it('watches for the last thousand', () => {
    for (let n = 0; n < 1_010; n++) watch.add('kitchen', `guest ${n}`);
    expect(watch.size).toBe(1_000);
  });
});
