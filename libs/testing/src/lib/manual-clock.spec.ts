import { sleep } from './clock';
import { abortListeners } from './leak-check';
import { ManualClock } from './manual-clock';

describe('ManualClock', () => {
  it('does not advance until told to', async () => {
    const clock = new ManualClock(500);
    const callback = jest.fn();
    clock.schedule(100, callback);
    await clock.settle();
    expect([clock.now(), callback.mock.calls.length, clock.pending]).toEqual([500, 0, 1]);
    await clock.advance(99);
    expect(callback).not.toHaveBeenCalled();
    await clock.advance(1);
    expect([clock.now(), callback.mock.calls.length, clock.pending]).toEqual([600, 1, 0]);
  });

  it('runs callbacks at their times, and those of equal times in the order of scheduling', async () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`);
    clock.schedule(30, note('c'));
    clock.schedule(10, note('a'));
    clock.schedule(10, note('b'));
    await clock.advance(100);
    expect(ran).toEqual(['a@10', 'b@10', 'c@30']);
  });

  it('runs callbacks that are scheduled meanwhile, and lets promises settle in between', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    const never = new AbortController().signal;
    const loop = (async () => {
      for (let i = 0; i < 3; i += 1) {
        await sleep(clock, 20, never);
        at.push(clock.now());
      }
    })();
    await clock.advance(50);
    expect(at).toEqual([20, 40]);
    await clock.advance(10);
    await loop;
    expect(at).toEqual([20, 40, 60]);
  });

  it('does not run cancelled callbacks', async () => {
    const clock = new ManualClock();
    const callback = jest.fn();
    clock.schedule(10, callback)();
    expect(clock.pending).toBe(0);
    await clock.advance(10);
    expect(callback).not.toHaveBeenCalled();
  });
});

describe('sleep', () => {
  it('resolves to true when the time has passed, and leaves no listener', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const slept = sleep(clock, 10, signal);
    await clock.advance(10);
    expect(await slept).toBe(true);
    expect(abortListeners(signal)).toBe(0);
  });

  it('resolves to false when aborted, and leaves no callback', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const slept = sleep(clock, 10, controller.signal);
    controller.abort();
    expect(await slept).toBe(false);
    expect(clock.pending).toBe(0);
    expect(await sleep(clock, 10, controller.signal)).toBe(false);
  });

  it('resolves without the clock when the delay is 0', async () => {
    const clock = new ManualClock();
    expect(await sleep(clock, 0, new AbortController().signal)).toBe(true);
  });
});
