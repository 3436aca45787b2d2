import { abortListeners, activeResources, activeTimers, eventually } from './leak-check';

describe('leak checks', () => {
  it('counts the listeners on a signal', () => {
    const { signal } = new AbortController();
    expect(abortListeners(signal)).toBe(0);
    signal.addEventListener('abort', () => undefined);
    expect(abortListeners(signal)).toBe(1);
  });

  it('sees a timer that keeps the process alive', () => {
    const before = activeTimers();
    const timer = setTimeout(() => undefined, 60_000);
    expect(activeTimers()).toBe(before + 1);
    expect(activeResources().get('Timeout')).toBe(before + 1);
    clearTimeout(timer);
    expect(activeTimers()).toBe(before);
  });

  it('waits for what happens in time, and says what did not', async () => {
    let happened = false;
    setTimeout(() => (happened = true), 10);
    await eventually(() => happened, 'it happens');
    await expect(eventually(() => false, 'the impossible', 20)).rejects.toThrow('not within 20 ms: the impossible');
  });
});
