import { endingOf } from './model-endings';

describe('endingOf', () => {
  it.each([
    ['gpt-4o', '2027-01-14'],
    ['gpt-4o-2024-11-20', '2027-01-14'],
    ['gpt-4o-2024-05-13', '2026-10-23'],
    ['gpt-4.1-mini', '2027-01-14'],
    ['gpt-5-mini', '2026-12-11'],
    ['gpt-6-luna', undefined],
    ['gpt-6.1-terra', undefined],
    ['llama3.2:3b', undefined],
  ])('gives for the model %s the end date %p', (model, endsOn) => {
    expect(endingOf(model, new Date('2026-11-29T12:00:00Z'))?.endsOn).toBe(endsOn);
  });

  it.each([
    ['2026-11-29T12:00:00Z', 46],
    ['2027-01-13T00:00:00Z', 1],
    ['2027-01-13T23:59:59Z', 1],
    ['2027-01-14T00:00:00Z', 0],
    ['2027-01-16T00:00:00Z', -2],
  ])('counts at %s %i days until the end of the model', (now, inDays) => {
    expect(endingOf('gpt-4o', new Date(now))?.inDays).toBe(inDays);
  });
});
