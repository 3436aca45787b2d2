import { LazySilero } from './lazy-silero';
import { SILERO_WINDOW_SAMPLES, type SileroStream } from './silero-stream';

/** Records the windows it is given, by their first sample, and returns that as the probability of speech. */
class Recorder implements SileroStream {
  readonly heard: number[] = [];

  process(window: Float32Array): number {
    this.heard.push(window[0]);
    return window[0];
  }

  reset(): void {
    this.heard.push(-1);
  }
}

/** One array for all, as the detector has it. */
const shared = new Float32Array(SILERO_WINDOW_SAMPLES);
const window = (number: number): Float32Array => shared.fill(number);

describe('LazySilero', () => {
  const given = () => {
    const stream = new Recorder();
    return { stream, lazy: new LazySilero(stream) };
  };

  it('processes a window at once when asked about it', () => {
    const { stream, lazy } = given();
    expect([1, 2].map((number) => lazy.process(window(number)))).toEqual([1, 2]);
    expect(stream.heard).toEqual([1, 2]);
  });

  it('does not process windows that nobody asks about', () => {
    const { stream, lazy } = given();
    for (let i = 0; i < 100; i++) lazy.passOver(window(i));
    expect(stream.heard).toEqual([]);
  });

  it.each([
    [1, [0]],
    [3, [0, 1, 2]],
    [4, [0, 1, 2, 3]],
    [5, [1, 2, 3, 4]],
    [10, [6, 7, 8, 9]],
  ])('catches up in order after %d windows', (passed, caughtUp) => {
    const { stream, lazy } = given();
    for (let i = 0; i < passed; i++) lazy.passOver(window(i));
    expect(lazy.process(window(50))).toBe(50);
    lazy.process(window(51));
    expect(stream.heard).toEqual([...caughtUp, 50, 51]);
  });

  it('does not catch up with windows from before a reset', () => {
    const { stream, lazy } = given();
    lazy.passOver(window(1));
    lazy.reset();
    lazy.process(window(2));
    expect(stream.heard).toEqual([-1, 2]);
  });

  it('refuses windows of another length', () => {
    expect(() => given().lazy.passOver(new Float32Array(320))).toThrow(RangeError);
  });
});
