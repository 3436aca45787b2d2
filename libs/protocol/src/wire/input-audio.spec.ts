import { checkInputAudio } from './input-audio';

describe('checkInputAudio', () => {
  it.each([
    ['one frame', 640, 'ok'],
    ['several whole frames', 6_400, 'ok'],
    ['2 s, the most a message may hold', 64_000, 'ok'],
    ['a part of a frame, which the framer completes', 638, 'ok'],
    ['one sample', 2, 'ok'],
    ['nothing', 0, 'empty'],
    ['half a sample', 1, 'odd'],
    ['a frame and half a sample', 641, 'odd'],
    ['an odd count just below the limit', 63_999, 'odd'],
    ['one sample too many', 64_002, 'too_large'],
    ['one byte too many', 64_001, 'too_large'],
    ['a frame too many', 64_640, 'too_large'],
  ])('%s (%i bytes): %s', (_, byteLength, expected) => {
    expect(checkInputAudio(byteLength)).toBe(expected);
  });
});
