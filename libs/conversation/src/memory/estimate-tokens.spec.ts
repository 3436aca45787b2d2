import { estimateTokens } from './estimate-tokens';

describe('the token estimate', () => {
  it.each([
    ['', 0],
    ['It', 1],
    ['It is', 2],
    ['It is noon. Have a good lunch.', 8],
    ['नमस्ते', 4],
    ['今天', 2],
  ])('of %j is %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });
});
