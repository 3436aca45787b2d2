import { ToneSynthesiser, toneHz } from './tone-synthesiser.ts';

const SIGNAL = new AbortController().signal;

function risingZeroCrossings(pcm: Int16Array): number {
  let crossings = 0;
  for (let i = 1; i < pcm.length; i++) if (pcm[i - 1] < 0 && pcm[i] >= 0) crossings++;
  return crossings;
}

describe('ToneSynthesiser', () => {
  const synthesiser = new ToneSynthesiser();

  it('speaks 15 characters a second, and times words by their characters', async () => {
    const text = 'one three five '.repeat(2).trimEnd() + '!';
    const speech = await synthesiser.speak(text, 'a', SIGNAL);
    expect(speech.sampleRateHz).toBe(16_000);
    expect(speech.pcm.length).toBe(Math.round((text.length / 15) * 16_000));
    expect(speech.words.map(({ word }) => word)).toEqual(['one', 'three', 'five', 'one', 'three', 'five!']);
    expect(speech.words[1]).toEqual({ word: 'three', startMs: Math.round(4000 / 15), endMs: 600 });
    expect(speech.words.at(-1)?.endMs).toBe(2000);
  });

  it('gives each voice its own pitch', async () => {
    for (const voice of ['clara', 'ray']) {
      const { pcm } = await synthesiser.speak('x'.repeat(15), voice, SIGNAL);
      expect(risingZeroCrossings(pcm) / toneHz(voice)).toBeCloseTo(1, 1);
    }
    expect(toneHz('clara')).not.toBe(toneHz('ray'));
  });

  it('is silent without words, and rejects with the abort reason', async () => {
    expect((await synthesiser.speak('  ', 'a', SIGNAL)).pcm.length).toBe(0);
    await expect(synthesiser.speak('hello', 'a', AbortSignal.abort('gone'))).rejects.toBe('gone');
  });
});
