import fc from 'fast-check';
import { type AudioIdentity, audioKey, isAudioKey } from './identity';
import { identityOf } from './testing/fake-voice';

const full: AudioIdentity = {
  provider: 'elevenlabs',
  model: 'eleven_flash_v2_5',
  voiceId: 'v1',
  text: 'Good morning.',
  language: 'en',
  settings: { stability: 0.5, speed: 1 },
  seed: 7,
  pronunciations: [{ word: 'SQL', spelling: 'sequel' }],
  sampleRateHz: 24_000,
  previousText: 'Before.',
  nextText: 'After.',
};

describe('the key of spoken audio', () => {
  it('is made of 64 hexadecimal digits, and is the same for the same identity', () => {
    expect(isAudioKey(audioKey(full))).toBe(true);
    expect(audioKey({ ...full })).toBe(audioKey(full));
  });

  it('does not depend on the order of properties or on whether an absent one is named', () => {
    const reversed = Object.fromEntries(Object.entries(full).reverse()) as unknown as AudioIdentity;
    expect(audioKey({ ...reversed, settings: { speed: 1, style: undefined, stability: 0.5 } })).toBe(audioKey(full));
    expect(audioKey({ ...identityOf('a'), seed: undefined })).toBe(audioKey(identityOf('a')));
  });

  it.each([
    { provider: 'sarvam' },
    { model: 'eleven_v3' },
    { voiceId: 'v2' },
    { text: 'Good morning!' },
    { language: 'de' },
    { language: undefined },
    { settings: { stability: 0.5, speed: 1.1 } },
    { settings: undefined },
    { seed: 8 },
    { pronunciations: [{ word: 'SQL', spelling: 'S Q L' }] },
    { sampleRateHz: 16_000 },
    { previousText: 'Other.' },
    { nextText: undefined },
  ])('changes with %j', (change) => {
    expect(audioKey({ ...full, ...change })).not.toBe(audioKey(full));
  });

  it('tells apart dialogues whose lines are cut or spoken differently', () => {
    const rest = { provider: 'elevenlabs', model: 'eleven_v3', sampleRateHz: 24_000 };
    const key = (...lines: [string, string][]) => audioKey({ ...rest, lines: lines.map(([voiceId, text]) => ({ voiceId, text })) });
    expect(new Set([key(['a', 'xy']), key(['a', 'x'], ['a', 'y']), key(['a', 'x'], ['b', 'y']), key(['b', 'xy'])]).size).toBe(4);
  });

  it('is different for any two different texts, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(audioKey(identityOf(a)) === audioKey(identityOf(b))).toBe(a === b);
      }),
    );
  });

  it('refuses what JSON cannot express, because two such identities would be taken for one', () => {
    expect(() => audioKey({ ...full, settings: { speed: Number.NaN } })).toThrow(TypeError);
  });

  it.each(['', 'abc', '../../etc/passwd', 'G'.repeat(64), `${'a'.repeat(64)}\n`])('is not %j', (text) => {
    expect(isAudioKey(text)).toBe(false);
  });
});
