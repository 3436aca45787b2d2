import { PatientWatchdog } from './patient-watchdog';

describe('PatientWatchdog', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('expires when nothing has come in time', () => {
    const expired = jest.fn();
    const watchdog = new PatientWatchdog(expired, 10_000);
    watchdog.arm(1_000);
    jest.advanceTimersByTime(999);
    expect(expired).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect([expired.mock.calls.length, watchdog.isArmed]).toEqual([1, false]);
  });

  it('expires when it has waited too long altogether, although something always came in time', () => {
    const expired = jest.fn();
    const watchdog = new PatientWatchdog(expired, 10_000);
    for (let second = 0; second < 9; second += 1) {
      expect(expired).not.toHaveBeenCalled();
      watchdog.arm(1_500);
      jest.advanceTimersByTime(1_000);
    }
    watchdog.arm(1_500);
    jest.advanceTimersByTime(1_000);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('does not count the time in which it is not armed', () => {
    const expired = jest.fn();
    const watchdog = new PatientWatchdog(expired, 2_000);
    watchdog.arm(1_500);
    jest.advanceTimersByTime(1_000);
    watchdog.disarm();
    jest.advanceTimersByTime(60_000);
    watchdog.arm(1_500);
    jest.advanceTimersByTime(999);
    expect(expired).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('waits longer for a vendor that delivers', () => {
    const expired = jest.fn();
    const watchdog = new PatientWatchdog(expired, 2_000);
    for (let second = 0; second < 60; second += 1) {
      watchdog.arm(1_500);
      jest.advanceTimersByTime(1_000);
      watchdog.grant(1_000);
    }
    expect(expired).not.toHaveBeenCalled();
    watchdog.disarm();
  });
});
