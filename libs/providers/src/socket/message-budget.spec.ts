import { MessageBudget } from './message-budget';

/** Returns how many of `count` messages are accepted when they all arrive at the same moment. */
const taken = (budget: MessageBudget, nowMs: number, count: number): number =>
  Array.from({ length: count }, () => budget.takes(nowMs)).filter(Boolean).length;

describe('MessageBudget', () => {
  it('accepts a few thousand messages at once, but no more than that', () => {
    expect(taken(new MessageBudget(), 0, 150_000)).toBe(5_000);
  });

  it('accepts five hundred messages a second without end', () => {
    const budget = new MessageBudget();
    for (let second = 0; second < 600; second += 1) expect(taken(budget, second * 1_000, 500)).toBe(500);
  });

  it('is full again after a pause', () => {
    const budget = new MessageBudget();
    taken(budget, 0, 5_000);
    expect(taken(budget, 3_600_000, 6_000)).toBe(5_000);
  });
});
