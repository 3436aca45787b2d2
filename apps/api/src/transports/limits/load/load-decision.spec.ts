import { LoadDecision, type LoadSample } from './load-decision';

const LIMITS = { eventLoopDelayMs: 100, cpu: 0.8, memory: 0.9 };
const IDLE: LoadSample = { eventLoopDelayMs: 1, cpu: 0.1, memory: 0.2 };

function after(samples: readonly Partial<LoadSample>[], limits: ConstructorParameters<typeof LoadDecision>[0] = LIMITS): LoadDecision {
  const decision = new LoadDecision(limits);
  for (const sample of samples) decision.take({ ...IDLE, ...sample });
  return decision;
}
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
/** How many starts are admitted out of so many. */
const admitted = (decision: LoadDecision, starts: number): number => times(starts, 0).filter(() => decision.admit()).length;

describe('LoadDecision', () => {
  it('admits before anything was measured', () => {
    expect(after([]).admit()).toBe(true);
  });

  it.each<[what: string, samples: Partial<LoadSample>[], isBusy: boolean]>([
    ['admits while idle', times(9, {}), false],
    ['admits after two late seconds', times(2, { eventLoopDelayMs: 500 }), false],
    ['refuses after three late seconds', times(3, { eventLoopDelayMs: 100 }), true],
    ['refuses after three seconds of much CPU', times(3, { cpu: 0.8 }), true],
    ['refuses after three seconds of much memory', times(3, { memory: 0.95 }), true],
    ['counts different figures that are too high in a row', [{ cpu: 1 }, { memory: 1 }, { eventLoopDelayMs: 200 }], true],
    ['does not count seconds that are not in a row', [{ cpu: 1 }, { cpu: 1 }, {}, { cpu: 1 }, { cpu: 1 }], false],
    ['stays busy while a figure is only just below its limit', [...times(3, { cpu: 0.9 }), ...times(20, { cpu: 0.7 })], true],
    ['stays busy while another figure is close to its limit', [...times(3, { cpu: 0.9 }), ...times(20, { memory: 0.8 })], true],
    ['stays busy in the first two free seconds', [...times(3, { cpu: 0.9 }), {}, {}], true],
    ['is free again after three free seconds', [...times(3, { cpu: 0.9 }), {}, {}, {}], false],
    ['is not free after free seconds that are not in a row', [...times(3, { cpu: 0.9 }), {}, {}, { cpu: 0.7 }, {}, {}], true],
  ])('%s', (_what, samples, isBusy) => {
    const decision = after(samples);
    expect([decision.isBusy, decision.admit()]).toEqual([isBusy, !isBusy]);
  });

  it('passes over figures without a limit', () => {
    const none = { eventLoopDelayMs: undefined, cpu: undefined, memory: undefined };
    const decision = after(times(9, { eventLoopDelayMs: 9_999, cpu: 9, memory: 1 }), none);
    expect(decision.isBusy).toBe(false);
    expect(admitted(decision, 10_000)).toBe(10_000);
  });

  it('admits fifty at once, even in a second of much CPU, such as that of the start', () => {
    expect(admitted(after([{ cpu: 1 }]), 50)).toBe(50);
  });

  it('holds a rush back until it shows in the load, and lets more in afterwards', () => {
    const decision = after(times(3, IDLE));
    const first = admitted(decision, 1_000);
    expect(first).toBeGreaterThan(100);
    expect(first).toBeLessThan(250);
    // The load does not rise, so they cost less than was assumed.
    for (let second = 0; second < 2; second++) decision.take(IDLE);
    expect(decision.admit()).toBe(false);
    decision.take(IDLE);
    expect(admitted(decision, 1_000)).toBe(first);
  });
});
