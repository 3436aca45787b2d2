import { realtimeDialect } from './realtime-dialect';
import { type Wire, WireUtterance } from './wire-utterance';

const SAMPLES_PER_MS = 16;
const audioOf = (durationMs: number): Int16Array => new Int16Array(durationMs * SAMPLES_PER_MS);

/** An utterance on a wire that nobody answers on, and what becomes of it. */
function begun(finalTimeoutMs = 2_500): { utterance: WireUtterance; outcomes: string[] } {
  const dialect = realtimeDialect('saaras:v3-realtime');
  const wire: Wire = {
    dialect,
    sequence: dialect.createSequence(),
    finalTimeoutMs,
    send: () => undefined,
    terminate: () => undefined,
    giveUp: () => undefined,
    isSharedBy: () => false,
    left: () => undefined,
  };
  const outcomes: string[] = [];
  const utterance = new WireUtterance(wire, {
    result: (text) => outcomes.push(text),
    wordless: () => undefined,
    failed: ({ code }) => outcomes.push(code),
  });
  return { utterance, outcomes };
}

/** How long after its end the utterance is given up. */
function patienceMs(utterance: WireUtterance, outcomes: readonly string[]): number {
  utterance.end();
  for (let ms = 0; ms <= 60_000; ms += 100) {
    if (outcomes.length > 0) return ms;
    jest.advanceTimersByTime(100);
  }
  return Infinity;
}

describe('how long a final is waited for', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('counts from the end of the audio, however long that was', () => {
    for (const durationMs of [1_000, 20_000]) {
      const { utterance, outcomes } = begun();
      for (let ms = 0; ms < durationMs; ms += 100) {
        utterance.audio(audioOf(100));
        jest.advanceTimersByTime(100);
      }
      expect(patienceMs(utterance, outcomes)).toBe(2_500);
      expect(outcomes).toEqual(['timeout']);
    }
  });

  it('is the same with the audio from before the utterance, which is sent at once', () => {
    const { utterance, outcomes } = begun();
    utterance.audio(audioOf(700));
    expect(patienceMs(utterance, outcomes)).toBe(2_500);
  });

  it.each([
    [3_000, 2_500 + 1_000],
    [21_000, 2_500 + 10_000],
  ])('is longer where %i ms come at once, as they do when they are said again: %i ms', (durationMs, expectedMs) => {
    const { utterance, outcomes } = begun();
    utterance.audio(audioOf(durationMs));
    expect(patienceMs(utterance, outcomes)).toBe(expectedMs);
    expect(outcomes).toEqual(['timeout']);
  });

  it('does not count what the vendor had the time to hear before the end', () => {
    const { utterance, outcomes } = begun();
    utterance.audio(audioOf(5_000));
    jest.advanceTimersByTime(2_000);
    expect(patienceMs(utterance, outcomes)).toBe(2_500 + 1_000);
  });
});
