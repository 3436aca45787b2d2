import { Watchdog } from './watchdog';

describe('Watchdog', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('expires once, counted from the last time it was armed', () => {
    const expired = jest.fn();
    const watchdog = new Watchdog(expired);
    watchdog.arm(100);
    jest.advanceTimersByTime(99);
    watchdog.arm(100);
    jest.advanceTimersByTime(99);
    expect(expired).not.toHaveBeenCalled();
    expect(watchdog.isArmed).toBe(true);
    jest.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledTimes(1);
    expect(watchdog.isArmed).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('leaves no timer behind when it is disarmed', () => {
    const expired = jest.fn();
    const watchdog = new Watchdog(expired);
    watchdog.arm(100);
    watchdog.disarm();
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(1_000);
    expect(expired).not.toHaveBeenCalled();
  });
});
