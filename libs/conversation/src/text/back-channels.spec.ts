import { BACK_CHANNELS, isBackChannel } from './back-channels';

const ALL = Object.values(BACK_CHANNELS).flat();

describe('the detector of back-channels', () => {
  it.each([
    'uh huh',
    'Uh-huh.',
    'uhhuh',
    'mmm',
    'Mm-hmm',
    'Okay.',
    'OK, okay, right!',
    'yeah yeah',
    'I see',
    'हाँ',
    'हां जी',
    'अच्छा, ठीक है',
    'achha',
    ...ALL,
  ])('recognises %j as a back-channel', (text) => {
    expect(isBackChannel(text, ALL)).toBe(true);
  });

  it.each([
    '',
    ' ',
    '...',
    'no',
    'stop',
    'okay stop',
    'right, but why',
    'wait',
    'I',
    'go',
    'okay so',
    'yes please tell me more',
    'नहीं',
    'रुको',
  ])('does not take %j for a back-channel', (text) => {
    expect(isBackChannel(text, ALL)).toBe(false);
  });

  it('uses the configured list of words', () => {
    expect(isBackChannel('Stimmt, genau.', ['genau', 'stimmt', ' '])).toBe(true);
    expect(isBackChannel('okay', ['genau'])).toBe(false);
    expect(isBackChannel('okay', [])).toBe(false);
  });
});
