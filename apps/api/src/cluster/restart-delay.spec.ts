import { RestartDelay } from './restart-delay';

describe('The delay before a process is replaced', () => {
  it('is none at first, and doubles up to half a minute while processes end soon', () => {
    const delay = new RestartDelay();
    expect(Array.from({ length: 9 }, () => delay.after(1_000))).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('is none again after a process that has lived for a minute', () => {
    const delay = new RestartDelay();
    for (let times = 0; times < 5; times++) delay.after(0);
    expect(delay.after(60_000)).toBe(0);
    expect(delay.after(0)).toBe(500);
  });
});
