import { BACK_CHANNELS, isBackChannel } from './back-channels';

const ALL = Object.values(BACK_CHANNELS).flat();

describe('a back-channel', () => {
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
  ])('is %j', (text) => {
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
  ])('is not %j', (text) => {
    expect(isBackChannel(text, ALL)).toBe(false);
  });

  it('is what the list says', () => {
    expect(isBackChannel('Stimmt, genau.', ['genau', 'stimmt', ' '])).toBe(true);
    expect(isBackChannel('okay', ['genau'])).toBe(false);
    expect(isBackChannel('okay', [])).toBe(false);
  });
});
