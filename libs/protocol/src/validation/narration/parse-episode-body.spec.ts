import * as fc from 'fast-check';
import { parseCreateEpisode, parseEditSegment, parseShowDetails } from './parse-episode-body';

const SHOW = { title: 'Weather', description: '', author: 'Anna', language: 'en-IN' };
const WHOLE = {
  title: 'Rain',
  description: 'Of the town.',
  show_id: 'be4f68e5-99e4-4e93-88fb-0b1f2f02126b',
  script: 'HOST: It rained.',
  format: 'screenplay',
  speakers: { HOST: { voice_id: 'parley-clara', voice_settings: { speed: 1.1 } } },
  voice_id: 'parley-ray',
  voice_settings: { stability: 0.5 },
  model: 'eleven_v3',
  purpose: 'multispeaker',
  language: 'en-IN',
  seed: 4_294_967_295,
  pronunciations: [
    { word: 'nginx', spelling: 'engine x' },
    { word: 'a', ipa: 'ə' },
  ],
  pauses: { between_segments_ms: 0, between_speakers_ms: 350.5, before_chapter_ms: 60_000 },
};

describe('the body of a new episode', () => {
  it.each<[string, object]>([
    ['a script alone', { script: '' }],
    ['every choice', WHOLE],
    ['segments', { segments: [{ text: 'One.' }, { text: 'Two.', voice_id: 'parley-ray', speaker: 'HOST', model: 'eleven_v3' }] }],
  ])('may be %s', (_, body) => {
    expect(parseCreateEpisode(body)).toEqual({ ok: true, body });
  });

  it('may hold null for what is absent, and fields that are not known, which are left out', () => {
    const input = { script: 'a', title: null, pauses: { before_chapter_ms: null, x: 1 }, pronunciations: null, more: { a: 1 } };
    expect(parseCreateEpisode(input)).toEqual({ ok: true, body: { script: 'a', pauses: {} } });
  });

  it.each<[string, unknown, string]>([
    ['no object', 'text', 'JSON object'],
    ['a title that is too long', { script: 'a', title: 'x'.repeat(201) }, 'title'],
    ['a show that is no id', { script: 'a', show_id: '../x' }, 'show_id'],
    ['a script that is no text', { script: ['a'] }, 'script'],
    ['a format that does not exist', { script: 'a', format: 'pdf' }, 'format'],
    ['a purpose that does not exist', { script: 'a', purpose: 'x' }, 'purpose'],
    ['a language that is none', { script: 'a', language: 'no language' }, 'language'],
    ['settings out of range', { script: 'a', voice_settings: { speed: 2 } }, 'voice_settings'],
    ['settings of a speaker out of range', { script: 'a', speakers: { A: { voice_id: 'a', voice_settings: { style: 2 } } } }, 'speakers'],
    ['a speaker with a long name', { script: 'a', speakers: { ['A'.repeat(41)]: { voice_id: 'a' } } }, 'speakers'],
    [
      'too many speakers',
      { script: 'a', speakers: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`S${i}`, { voice_id: 'a' }])) },
      'speakers',
    ],
    ['no segments', { segments: [] }, 'segments'],
    ['a pronunciation without a word', { script: 'a', pronunciations: [{ spelling: 'a' }] }, 'word'],
    ['pauses that are a list', { script: 'a', pauses: [] }, 'pauses'],
    ['a pause in words', { script: 'a', pauses: { before_chapter_ms: '1' } }, 'before_chapter_ms'],
  ])('must not be %s', (_, body, words) => {
    expect(parseCreateEpisode(body)).toEqual({ ok: false, message: expect.stringContaining(words) });
  });

  it('is answered whatever it is, and reaches no prototype', () => {
    const keys = fc.constantFrom('script', 'segments', 'speakers', 'pauses', 'pronunciations', 'text', '__proto__', 'constructor');
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (fields) => {
        const parsed = parseCreateEpisode(JSON.parse(JSON.stringify(fields)));
        expect(parsed.ok || parsed.message.length > 0).toBe(true);
      }),
    );
    expect(Object.hasOwn(Object.prototype, 'script')).toBe(false);
  });
});

describe('the change of a segment', () => {
  it('says what is changed', () => {
    const body = { text: 'a', voice_id: 'b', voice_settings: {} };
    expect(parseEditSegment(body)).toEqual({ ok: true, body });
  });

  it.each<[string, unknown]>([
    ['empty', {}],
    ['a list', []],
    ['too long', { text: 'x'.repeat(1_501) }],
    ['of a wrong voice', { voice_id: '../x' }],
  ])('must not be %s', (_, body) => {
    expect(parseEditSegment(body)).toEqual({ ok: false, message: expect.any(String) });
  });
});

describe('the details of a show', () => {
  it('are taken', () => {
    const body = { ...SHOW, image_url: 'https://example.com/a.png', link: 'http://localhost:3000/', category: 'News', explicit: false };
    expect(parseShowDetails(body)).toEqual({ ok: true, body });
  });

  it.each<[string, object]>([
    ['without a title', { ...SHOW, title: '' }],
    ['without an author', { ...SHOW, author: undefined }],
    ['with an image that is a script', { ...SHOW, image_url: 'javascript:alert(1)' }],
    ['with a link that is a path', { ...SHOW, link: '/a' }],
    ['with a language that is none', { ...SHOW, language: '' }],
    ['with explicit in words', { ...SHOW, explicit: 'no' }],
  ])('are refused %s', (_, body) => {
    expect(parseShowDetails(body)).toEqual({ ok: false, message: expect.any(String) });
  });
});
