import { latencyOf } from './latency';
import { seededRandom } from './random';
import { MIDDLE_LATENCY } from './simulator';

describe('latency', () => {
  it('is exact without jitter', () => {
    const delay = latencyOf(MIDDLE_LATENCY, seededRandom(1));
    expect([delay('sttFinalMs'), delay('llmFirstTokenMs'), delay('llmTokenGapMs'), delay('ttsFirstChunkMs')]).toEqual([
      MIDDLE_LATENCY.sttFinalMs,
      MIDDLE_LATENCY.llmFirstTokenMs,
      MIDDLE_LATENCY.llmTokenGapMs,
      MIDDLE_LATENCY.ttsFirstChunkMs,
    ]);
  });

  it('varies within its jitter, the same for the same seed', () => {
    const draw = (seed: number): number[] => {
      const delay = latencyOf({ ...MIDDLE_LATENCY, jitter: 0.4 }, seededRandom(seed));
      return Array.from({ length: 200 }, () => delay('sttFinalMs'));
    };
    const delays = draw(7);
    expect(draw(7)).toEqual(delays);
    expect(draw(8)).not.toEqual(delays);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0.6 * MIDDLE_LATENCY.sttFinalMs);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1.4 * MIDDLE_LATENCY.sttFinalMs);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(0.6 * MIDDLE_LATENCY.sttFinalMs);
  });
});

describe('seeded random numbers', () => {
  it('are spread over [0, 1) and differ by label', () => {
    const random = seededRandom(1, 'a');
    const numbers = Array.from({ length: 1000 }, random);
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(numbers.reduce((sum, number) => sum + number, 0) / 1000).toBeCloseTo(0.5, 1);
    expect(seededRandom(1, 'b')()).not.toBe(seededRandom(1, 'a')());
  });
});
