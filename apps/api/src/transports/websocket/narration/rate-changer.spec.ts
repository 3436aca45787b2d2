import { RateChanger } from './rate-changer';

const FREQUENCY_HZ = 300;

/** A tone in which every missing or repeated sample would be a step. */
const tone = (rateHz: number, seconds: number): Int16Array =>
  Int16Array.from({ length: Math.round(rateHz * seconds) }, (_, index) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * FREQUENCY_HZ * index) / rateHz)),
  );

describe('the change of the rate of speech', () => {
  it.each([
    [24_000, [24_000, 16_000, 8_000, 16_000, 24_000]],
    [24_000, [8_000, 24_000, 8_000]],
    [22_050, [22_050, 8_000, 16_000, 22_050]],
    [16_000, [16_000, 8_000, 16_000]],
  ])('from %p Hz to %p Hz loses and repeats nothing, and makes no click', (fromHz, rates) => {
    const changer = new RateChanger(fromHz);
    const speech = tone(fromHz, rates.length * 0.5);
    let atMs = 0;
    let largestError = 0;
    const check = (pcm: Int16Array, rateHz: number): void => {
      for (const sample of pcm) {
        const wanted = 8_000 * Math.sin(2 * Math.PI * FREQUENCY_HZ * (atMs / 1000));
        // The first and the last milliseconds lie beside silence.
        if (atMs > 30 && atMs < rates.length * 500 - 30) largestError = Math.max(largestError, Math.abs(sample - wanted));
        atMs += 1000 / rateHz;
      }
    };
    const perStep = Math.round(fromHz * 0.1);
    for (let at = 0; at < speech.length; at += perStep) {
      const rateHz = rates[Math.floor(at / (fromHz * 0.5))];
      check(changer.convert(speech.subarray(at, at + perStep), rateHz), rateHz);
    }
    check(changer.finish(), rates[rates.length - 1]);
    expect(atMs).toBeCloseTo(rates.length * 500, 0);
    // Half a sample at a change, at most.
    expect(largestError).toBeLessThan(500);
  });

  it('begins each segment anew, at the same rate', () => {
    const changer = new RateChanger(24_000);
    const one = tone(24_000, 0.25);
    const segment = (): number => changer.convert(one, 8_000).length + changer.finish().length;
    expect([segment(), segment()]).toEqual([2_000, 2_000]);
  });

  it('passes speech on as it is at the agreed rate', () => {
    const changer = new RateChanger(24_000);
    const one = tone(24_000, 0.25);
    expect(changer.convert(one, 24_000)).toBe(one);
    expect(changer.finish()).toHaveLength(0);
  });

  it('takes the shortest pieces', () => {
    const changer = new RateChanger(24_000);
    const one = tone(24_000, 0.3);
    let length = 0;
    for (let at = 0; at < one.length; at += 7) length += changer.convert(one.subarray(at, at + 7), at < 3_000 ? 24_000 : 8_000).length;
    length += changer.finish().length;
    expect(length).toBeGreaterThan(3_000 + 4_200 / 3 - 5);
    expect(length).toBeLessThan(3_000 + 4_200 / 3 + 5);
  });
});
