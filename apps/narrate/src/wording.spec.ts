import { clock, count, megabytes } from './wording';

describe('the words of the command', () => {
  it.each([
    [0, '0:00'],
    [4_600, '0:05'],
    [65_000, '1:05'],
    [3_723_000, '1:02:03'],
  ])('write %d ms as %s', (ms, text) => expect(clock(ms)).toBe(text));

  it('count one and many', () => {
    expect(count(1, 'segment')).toBe('1 segment');
    expect(count(0, 'segment')).toBe('0 segments');
    expect(count(1_234_567, 'character')).toBe('1 234 567 characters');
    expect(megabytes(3_449_000)).toBe('3.4 MB');
  });
});
