import { SpeechBounds } from './speech-bounds';

const TEXT = 'Call 98765 43210, or 98765 43211.';

describe('SpeechBounds', () => {
  it('takes what the slowest voice makes of a text, in the smallest pieces', () => {
    const bounds = new SpeechBounds();
    bounds.sent(TEXT);
    for (let ms = 100; ms <= 20_000; ms += 100) bounds.received(ms);
  });

  it.each([
    ['long', 60_000, 1],
    ['piecemeal', 0.01, 150_000],
  ])('does not take audio that is too %s', (_how, pieceMs, pieces) => {
    const bounds = new SpeechBounds();
    bounds.sent(TEXT);
    const receive = (): void => {
      for (let i = 1; i <= pieces; i += 1) bounds.received(i * pieceMs);
    };
    expect(receive).toThrow('more audio');
  });
});
