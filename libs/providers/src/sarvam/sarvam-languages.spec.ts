import { legacyLanguage, realtimeLanguage } from './sarvam-languages';

describe('the languages of the two sockets', () => {
  it.each([
    ['en-IN', 'en-IN', 'en-IN'],
    ['en', 'en-IN', 'en-IN'],
    ['en-US', 'en-IN', 'en-IN'],
    ['HI-in', 'hi-IN', 'hi-IN'],
    ['or-IN', 'or-IN', 'od-IN'],
    ['od-IN', 'or-IN', 'od-IN'],
    ['kok-IN', 'kok-IN', 'kok-IN'],
    ['fr-FR', 'auto', 'unknown'],
    ['', 'auto', 'unknown'],
    [undefined, 'auto', 'unknown'],
  ])('for the language tag %p are %s on the realtime socket and %s on the legacy socket', (tag, realtime, legacy) => {
    expect(realtimeLanguage(tag)).toBe(realtime);
    expect(legacyLanguage(tag)).toBe(legacy);
  });
});
