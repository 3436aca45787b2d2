import { engineVoice, listVoices } from './voices.ts';

describe('voices', () => {
  it('lists each engine voice once, by ids that the protocol allows', () => {
    const voices = listVoices();
    expect(voices.map((voice) => voice.engineVoice)).toEqual(['slt', 'rms', 'awb', 'kal16']);
    expect(new Set(voices.map(({ id }) => id)).size).toBe(voices.length);
    for (const { id } of voices) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });

  it.each([
    ['parley-ray', 'rms'],
    ['awb', 'awb'],
    ['some-vendor-voice', 'slt'],
    ['', 'slt'],
  ])('speaks %j with %s', (voice, expected) => {
    expect(engineVoice(voice)).toBe(expected);
  });
});
