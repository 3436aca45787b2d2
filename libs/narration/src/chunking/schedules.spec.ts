import { checkSchedule, CHUNK_SCHEDULES, PASSAGE_SCHEDULES } from './schedules';

describe('chunk schedules', () => {
  it.each([...Object.entries(CHUNK_SCHEDULES), ...Object.entries(PASSAGE_SCHEDULES)])('accepts the preset %s', (_, schedule) => {
    expect(checkSchedule(schedule)).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['an entry that is too small', [120, 49], 'Entry 2 of the chunk schedule is 49; it must be a whole number from 50 to 500.'],
    ['an entry that is too large', [501], 'Entry 1 of the chunk schedule is 501; it must be a whole number from 50 to 500.'],
    ['a fraction', [50, 60, 70.5], 'Entry 3 of the chunk schedule is 70.5; it must be a whole number from 50 to 500.'],
    ['a text', ['50'], 'Entry 1 of the chunk schedule is "50"; it must be a whole number from 50 to 500.'],
    ['not a number', [NaN], 'Entry 1 of the chunk schedule is NaN; it must be a whole number from 50 to 500.'],
    ['nothing', [undefined], 'Entry 1 of the chunk schedule is undefined; it must be a whole number from 50 to 500.'],
    ['no entry', [], 'A chunk schedule has 1 to 10 entries; this one has 0.'],
    ['too many entries', Array<number>(11).fill(50), 'A chunk schedule has 1 to 10 entries; this one has 11.'],
    ['no list', 'speed', 'A chunk schedule is a list of numbers of characters.'],
  ])('refuses %s and says what is wrong', (_, list, message) => {
    expect(checkSchedule(list)).toBe(message);
  });
});
