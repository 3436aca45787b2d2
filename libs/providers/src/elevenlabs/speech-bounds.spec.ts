import { SpeechBounds } from './speech-bounds';

const TEXT = 'Call 98765 43210, or 98765 43211.';

describe('SpeechBounds', () => {
  it('accepts the audio that the slowest voice produces for a text, in small pieces', () => {
    const bounds = new SpeechBounds();
    bounds.sent(TEXT);
    for (let ms = 100; ms <= 20_000; ms += 100) bounds.received(ms);
  });

  it.each([
    ['is too long for its text', 60_000, 1],
    ['comes in too many pieces', 0.01, 150_000],
  ])('rejects audio that %s', (_how, pieceMs, pieces) => {
    const bounds = new SpeechBounds();
    bounds.sent(TEXT);
    const receive = (): void => {
      for (let i = 1; i <= pieces; i += 1) bounds.received(i * pieceMs);
    };
    expect(receive).toThrow('more audio');
  });
});
