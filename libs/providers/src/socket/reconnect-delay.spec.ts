import { reconnectDelayMs } from './reconnect-delay';

describe('reconnectDelayMs', () => {
  it.each([
    [0, 0, 125],
    [0, 1, 250],
    [1, 1, 500],
    [3, 1, 2_000],
    [9, 1, 10_000],
    [9, 0, 5_000],
  ])('for attempt %i and the random number %d is %i ms', (attempt, drawn, expected) => {
    expect(reconnectDelayMs(attempt, () => drawn)).toBe(expected);
  });
});
