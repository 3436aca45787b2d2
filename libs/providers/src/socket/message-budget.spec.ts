import { MessageBudget } from './message-budget';

/** How many of `count` messages are taken at one moment. */
const taken = (budget: MessageBudget, nowMs: number, count: number): number =>
  Array.from({ length: count }, () => budget.takes(nowMs)).filter(Boolean).length;

describe('MessageBudget', () => {
  it('takes some thousand messages at once, and no more', () => {
    expect(taken(new MessageBudget(), 0, 150_000)).toBe(5_000);
  });

  it('takes five hundred a second for ever', () => {
    const budget = new MessageBudget();
    for (let second = 0; second < 600; second += 1) expect(taken(budget, second * 1_000, 500)).toBe(500);
  });

  it('has all of it again after a rest', () => {
    const budget = new MessageBudget();
    taken(budget, 0, 5_000);
    expect(taken(budget, 3_600_000, 6_000)).toBe(5_000);
  });
});
