import { realtimeDialect } from './realtime-dialect';
import { type Wire, WireUtterance } from './wire-utterance';

const SAMPLES_PER_MS = 16;
const audioOf = (durationMs: number): Int16Array => new Int16Array(durationMs * SAMPLES_PER_MS);

/** Begins an utterance on a connection that never answers, and records its outcomes. */
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

/** Returns the time in milliseconds between the end of the utterance and the moment at which it is given up. */
function waitForFinalMs(utterance: WireUtterance, outcomes: readonly string[]): number {
  utterance.end();
  for (let ms = 0; ms <= 60_000; ms += 100) {
    if (outcomes.length > 0) return ms;
    jest.advanceTimersByTime(100);
  }
  return Infinity;
}

describe('the time that an utterance waits for its final', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('counts from the end of the audio, however long the audio was', () => {
    for (const durationMs of [1_000, 20_000]) {
      const { utterance, outcomes } = begun();
      for (let ms = 0; ms < durationMs; ms += 100) {
        utterance.audio(audioOf(100));
        jest.advanceTimersByTime(100);
      }
      expect(waitForFinalMs(utterance, outcomes)).toBe(2_500);
      expect(outcomes).toEqual(['timeout']);
    }
  });

  it('is not longer because of the audio from before the utterance, which is sent at once', () => {
    const { utterance, outcomes } = begun();
    utterance.audio(audioOf(700));
    expect(waitForFinalMs(utterance, outcomes)).toBe(2_500);
  });

  it.each([
    [3_000, 2_500 + 1_000],
    [21_000, 2_500 + 10_000],
  ])('is longer if %i ms of audio are sent at once, as in a replay: %i ms', (durationMs, expectedMs) => {
    const { utterance, outcomes } = begun();
    utterance.audio(audioOf(durationMs));
    expect(waitForFinalMs(utterance, outcomes)).toBe(expectedMs);
    expect(outcomes).toEqual(['timeout']);
  });

  it('is not longer for audio that the vendor had time to process before the end', () => {
    const { utterance, outcomes } = begun();
    utterance.audio(audioOf(5_000));
    jest.advanceTimersByTime(2_000);
    expect(waitForFinalMs(utterance, outcomes)).toBe(2_500 + 1_000);
  });
});
