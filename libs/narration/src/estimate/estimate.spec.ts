import '../testing/fast-check-seed';
import * as fc from 'fast-check';
import { estimate } from './estimate';

const FLASH = { costFactor: 0.5 };

describe('the estimate of a script', () => {
  it('counts characters, cost and time', () => {
    const texts = [{ text: 'a'.repeat(1_500) }, { text: 'b'.repeat(1_501), pauseBeforeMs: 400 }];
    expect(estimate(texts, { model: FLASH, price: { per1000: 0.3, currency: 'USD' }, closingPauseMs: 100 })).toEqual({
      characters: 3_001,
      billedCharacters: 1_501,
      cost: { amount: expect.closeTo(0.4503, 8) as number, currency: 'USD' },
      durationMs: 200_567,
    });
  });

  it('has no cost without a price', () => {
    expect(estimate([{ text: 'Hello' }], { model: FLASH })).not.toHaveProperty('cost');
  });

  it('counts an emoji as one character', () => {
    expect(estimate([{ text: '😀' }], { model: { costFactor: 1 } }).characters).toBe(1);
  });

  it('takes longer for the characters of Chinese, and less long at a higher speed', () => {
    expect(estimate([{ text: '你好你好你' }], { model: FLASH }).durationMs).toBe(1_000);
    expect(estimate([{ text: 'a'.repeat(180) }], { model: FLASH, speed: 1.2 }).durationMs).toBe(10_000);
  });

  it('is the same however the text is divided, except for rounding up', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        const apart = estimate(
          texts.map((text) => ({ text })),
          { model: FLASH },
        );
        const whole = estimate([{ text: texts.join('') }], { model: FLASH });
        expect(apart.characters).toBe(whole.characters);
        expect(apart.billedCharacters).toBe(whole.billedCharacters);
        expect(Math.abs(apart.durationMs - whole.durationMs)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
