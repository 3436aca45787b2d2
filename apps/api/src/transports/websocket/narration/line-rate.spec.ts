import { LineRate } from './line-rate';

/** A line that takes `bytesPerSecond`, to which speech is sent half a second at a time as it is played. */
class Line {
  private nowMs = 0;
  private waiting = 0;
  readonly rates: number[] = [];
  private readonly rate: LineRate;

  constructor(agreedHz: number) {
    this.rate = new LineRate(agreedHz, () => this.nowMs);
  }

  /** Sends speech for that long; returns the rate at the end. */
  run(seconds: number, bytesPerSecond: number): number {
    for (let at = 0; at < seconds; at += 0.5) {
      this.rates.push(this.rate.next(this.waiting));
      const bytes = this.rates[this.rates.length - 1] * 2 * 0.5;
      this.rate.sent(bytes);
      this.waiting = Math.max(0, this.waiting + bytes - bytesPerSecond * 0.5);
      this.nowMs += 500;
    }
    return this.rates[this.rates.length - 1];
  }

  get changes(): number {
    return this.rates.filter((rate, index) => index > 0 && rate !== this.rates[index - 1]).length;
  }
}

describe('the rate of speech for a line', () => {
  it.each([24_000, 22_050, 16_000, 8_000])('stays at %p Hz on a fast line', (agreedHz) => {
    const line = new Line(agreedHz);
    expect(line.run(60, 1_000_000)).toBe(agreedHz);
    expect(line.changes).toBe(0);
  });

  it.each([
    [24_000, 42_000, 16_000],
    [24_000, 20_000, 8_000],
    [24_000, 0, 8_000],
    [22_050, 42_000, 16_000],
    [16_000, 20_000, 8_000],
    [8_000, 4_000, 8_000],
  ])('falls from %p Hz on a line of %p bytes per second to %p Hz', (agreedHz, bytesPerSecond, rate) => {
    const line = new Line(agreedHz);
    expect(line.run(5, bytesPerSecond)).toBe(rate);
  });

  it('rises again when the line is fast again', () => {
    const line = new Line(24_000);
    line.run(10, 20_000);
    expect(line.run(40, 1_000_000)).toBe(24_000);
    expect(line.rates).not.toContain(22_050);
  });

  it('never exceeds the agreed rate', () => {
    const line = new Line(22_050);
    line.run(10, 42_000);
    line.run(60, 1_000_000);
    expect(Math.max(...line.rates)).toBe(22_050);
  });

  it('tries a better rate less and less often on a line that does not carry it', () => {
    const line = new Line(24_000);
    line.run(120, 42_000);
    const { changes } = line;
    line.run(120, 42_000);
    expect(line.changes - changes).toBeLessThan(changes);
  });
});
