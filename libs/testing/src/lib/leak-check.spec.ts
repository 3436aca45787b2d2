import { abortListeners, activeResources, activeTimers, eventually } from './leak-check';

describe('leak checks', () => {
  it('counts the listeners on a signal', () => {
    const { signal } = new AbortController();
    expect(abortListeners(signal)).toBe(0);
    signal.addEventListener('abort', () => undefined);
    expect(abortListeners(signal)).toBe(1);
  });

  it('counts a timer that keeps the process alive', () => {
    const before = activeTimers();
    const timer = setTimeout(() => undefined, 60_000);
    expect(activeTimers()).toBe(before + 1);
    expect(activeResources().get('Timeout')).toBe(before + 1);
    clearTimeout(timer);
    expect(activeTimers()).toBe(before);
  });

  it('waits for a condition, and names the one that was not met in time', async () => {
    let happened = false;
    setTimeout(() => (happened = true), 10);
    await eventually(() => happened, 'it happens');
    await expect(eventually(() => false, 'the impossible', 20)).rejects.toThrow('not within 20 ms: the impossible');
  });

  it('does not count the time in which this process was blocked', async () => {
    let looks = 0;
    const standStill = (): void => {
      const untilMs = performance.now() + 50;
      while (performance.now() < untilMs);
    };
    const isSeen = (): boolean => {
      setImmediate(standStill);
      return ++looks > 3;
    };
    await eventually(isSeen, 'the third look', 40);
    expect(looks).toBe(4);
  });
});
