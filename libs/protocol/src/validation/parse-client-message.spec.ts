import fc from 'fast-check';
import { MAX_CONTROL_MESSAGE_BYTES } from '../wire/constants';
import { AudioChunkDto, HeartbeatDto, PlaybackDto, StartConversationDto, TextMessageDto } from './client-message-dtos';
import { parseClientMessage } from './parse-client-message';

const parse = (message: unknown) => parseClientMessage(JSON.stringify(message));
const FACE = '\u{1F600}';

const START = { type: 'start_conversation' };
const CHUNK = { type: 'audio_chunk', data: 'AAA=', format: 'audio/wav' };
const TEXT = { type: 'text_message', text: 'hello' };
const PLAYED = { type: 'playback', turn: 3, event: 'progress', played_ms: 250 };

describe('what a client may send', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a start with the defaults', START],
    ['a start of the pipeline', { ...START, engine: 'pipeline' }],
    ['a start of the agent', { ...START, engine: 'agent' }],
    ['binary audio', { ...START, audio_transport: 'binary' }],
    ['JSON audio', { ...START, audio_transport: 'json' }],
    ['a language', { ...START, language: 'en' }],
    ['a language and region', { ...START, language: 'en-IN' }],
    ['a language, script and region', { ...START, language: 'zh-Hans-CN' }],
    ['a language with an extension', { ...START, language: 'hi-u-nu-deva' }],
    ['a language in another case', { ...START, language: 'EN-in' }],
    ['a voice', { ...START, voice_id: '21m00Tcm4TlvDq8ikWAM' }],
    ['the longest voice id', { ...START, voice_id: 'v'.repeat(64) }],
    ['a system prompt', { ...START, system_prompt: 'Be brief.' }],
    ['an empty system prompt', { ...START, system_prompt: '' }],
    ['the longest system prompt', { ...START, system_prompt: 'p'.repeat(16_000) }],
    ['WAV audio', CHUNK],
    ['PCM audio', { ...CHUNK, format: 'audio/pcm;rate=16000' }],
    ['a format nobody decodes, which has an error code of its own', { ...CHUNK, format: 'audio/flac' }],
    ['empty audio, which has an error code of its own', { ...CHUNK, data: '' }],
    ['a text', TEXT],
    ['a text of one character', { ...TEXT, text: 'x' }],
    ['the longest text', { ...TEXT, text: 'x'.repeat(4_000) }],
    ['the longest text in characters outside the basic plane', { ...TEXT, text: FACE.repeat(4_000) }],
    ['a text with white space around it, untrimmed', { ...TEXT, text: '  hi\n' }],
    ['an interruption', { type: 'interrupt' }],
    ['the start of playback', { ...PLAYED, event: 'started', played_ms: 0 }],
    ['progress of playback', PLAYED],
    ['the end of playback', { ...PLAYED, event: 'ended', played_ms: 1234.5 }],
    ['playback of turn 0', { ...PLAYED, turn: 0 }],
    ['playback of the last turn a header can name', { ...PLAYED, turn: 0xffff_ffff }],
    ['a heartbeat', { type: 'heartbeat' }],
    ['an end', { type: 'end_conversation' }],
  ])('%s', (_, message) => {
    expect(parse(message)).toEqual({ ok: true, message: expect.objectContaining(message) });
  });

  it('gives an instance of the class of its type', () => {
    for (const [message, messageClass] of [
      [START, StartConversationDto],
      [CHUNK, AudioChunkDto],
      [TEXT, TextMessageDto],
      [PLAYED, PlaybackDto],
      [{ type: 'heartbeat' }, HeartbeatDto],
    ] as const) {
      expect(parse(message)).toEqual({ ok: true, message: expect.any(messageClass) });
    }
  });

  it('ignores fields it does not know, whatever they hold', () => {
    const parsed = parse({ ...TEXT, mood: 'happy', engine: { deep: [1] }, toString: 1, constructor: null });
    expect(parsed).toStrictEqual({ ok: true, message: Object.assign(new TextMessageDto(), TEXT) });
  });

  it('takes null for absent', () => {
    const parsed = parse({ ...START, engine: null, language: null, voice_id: null, system_prompt: null, audio_transport: null });
    expect(parsed).toStrictEqual({ ok: true, message: Object.assign(new StartConversationDto(), START) });
  });
});

describe('what is refused as bad_message, naming the field', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown engine', { ...START, engine: 'steam' }, 'engine'],
    ['an engine in another case', { ...START, engine: 'Pipeline' }, 'engine'],
    ['an engine that is an inherited name', { ...START, engine: 'toString' }, 'engine'],
    ['an engine in a list', { ...START, engine: ['pipeline'] }, 'engine'],
    ['an unknown audio transport', { ...START, audio_transport: 'pigeon' }, 'audio_transport'],
    ['a language that is none', { ...START, language: 'not a language' }, 'language'],
    ['a language with an underscore', { ...START, language: 'en_IN' }, 'language'],
    ['a language that ends in a hyphen', { ...START, language: 'en-' }, 'language'],
    ['an empty language', { ...START, language: '' }, 'language'],
    ['a language of a page', { ...START, language: `en-${'abcdefgh-'.repeat(500)}x` }, 'language'],
    ['a language that is a list', { ...START, language: ['en'] }, 'language'],
    ['a voice id with a path', { ...START, voice_id: '../voices' }, 'voice_id'],
    ['an empty voice id', { ...START, voice_id: '' }, 'voice_id'],
    ['too long a voice id', { ...START, voice_id: 'v'.repeat(65) }, 'voice_id'],
    ['a voice id that is a number', { ...START, voice_id: 7 }, 'voice_id'],
    ['a system prompt that is no text', { ...START, system_prompt: { text: 'x' } }, 'system_prompt'],
    ['too long a system prompt', { ...START, system_prompt: 'p'.repeat(16_001) }, 'system_prompt'],
    ['audio without data', { type: 'audio_chunk', format: 'audio/wav' }, 'data'],
    ['audio of null', { ...CHUNK, data: null }, 'data'],
    ['audio in a list', { ...CHUNK, data: [0, 1] }, 'data'],
    ['audio without a format', { type: 'audio_chunk', data: 'AAA=' }, 'format'],
    ['an empty format', { ...CHUNK, format: '' }, 'format'],
    ['a format of a page', { ...CHUNK, format: 'a'.repeat(101) }, 'format'],
    ['a format that is no text', { ...CHUNK, format: 16_000 }, 'format'],
    ['a text message without text', { type: 'text_message' }, 'text'],
    ['an empty text', { ...TEXT, text: '' }, 'text'],
    ['a text of white space', { ...TEXT, text: ' \t\r\n\u00a0\u3000\ufeff' }, 'text'],
    ['too long a text', { ...TEXT, text: 'x'.repeat(4_001) }, 'text'],
    ['too long a text in characters outside the basic plane', { ...TEXT, text: FACE.repeat(4_001) }, 'text'],
    ['a text that is a number', { ...TEXT, text: 42 }, 'text'],
    ['a text that is a list', { ...TEXT, text: ['hello'] }, 'text'],
    ['a text that pretends a length', { ...TEXT, text: { length: 5 } }, 'text'],
    ['playback without a turn', { type: 'playback', event: 'ended', played_ms: 1 }, 'turn'],
    ['playback of a negative turn', { ...PLAYED, turn: -1 }, 'turn'],
    ['playback of half a turn', { ...PLAYED, turn: 0.5 }, 'turn'],
    ['playback of a turn past the header', { ...PLAYED, turn: 2 ** 32 }, 'turn'],
    ['playback of a turn in words', { ...PLAYED, turn: '3' }, 'turn'],
    ['playback without an event', { type: 'playback', turn: 1, played_ms: 1 }, 'event'],
    ['an unknown playback event', { ...PLAYED, event: 'paused' }, 'event'],
    ['playback without its time', { type: 'playback', turn: 1, event: 'started' }, 'played_ms'],
    ['a negative time', { ...PLAYED, played_ms: -0.1 }, 'played_ms'],
    ['a time in words', { ...PLAYED, played_ms: '250' }, 'played_ms'],
  ])('%s', (_, message, field) => {
    expect(parse(message)).toEqual({
      ok: false,
      code: 'bad_message',
      message: expect.stringMatching(new RegExp(`^${field} must be [^;]+$`)),
    });
  });

  it('names every field that is wrong', () => {
    expect(parse({ type: 'playback' })).toEqual({
      ok: false,
      code: 'bad_message',
      message:
        'turn must be the number of a turn; event must be one of: started, progress, ended; played_ms must be a number of milliseconds, 0 or more',
    });
  });

  it('refuses a number that JSON reads as infinite', () => {
    expect(parseClientMessage('{"type":"playback","turn":1,"event":"ended","played_ms":1e999}')).toMatchObject({
      ok: false,
      code: 'bad_message',
    });
  });

  it('never repeats what was sent', () => {
    const secret = 'my password is swordfish';
    for (const text of [
      `{"type":"text_message", ${secret}`,
      JSON.stringify(secret),
      JSON.stringify({ type: secret }),
      JSON.stringify({ ...START, engine: secret, audio_transport: secret, language: secret, voice_id: secret, system_prompt: [secret] }),
      JSON.stringify({ ...CHUNK, data: [secret], format: [secret] }),
      JSON.stringify({ ...PLAYED, turn: secret, event: secret, played_ms: secret }),
      JSON.stringify({ ...TEXT, text: { [secret]: secret } }),
    ]) {
      expect(parseClientMessage(text)).toEqual({ ok: false, code: expect.any(String), message: expect.not.stringMatching(/swordfish/) });
    }
  });
});

describe('what is no message at all', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['no JSON', 'hello'],
    ['half a message', '{"type":"heartbeat"'],
    ['two messages', '{"type":"heartbeat"}{"type":"heartbeat"}'],
    ['null', 'null'],
    ['true', 'true'],
    ['a number', '42'],
    ['a string', '"heartbeat"'],
    ['a list', '[]'],
    ['a list with a message', '[{"type":"heartbeat"}]'],
    ['an object without a type', '{}'],
    ['a type that is null', '{"type":null}'],
    ['a type that is a number', '{"type":1}'],
    ['a type that is a list', '{"type":["heartbeat"]}'],
    ['a type that is an object', '{"type":{"toString":"heartbeat"}}'],
    ['a type that is inherited', '{"__proto__":{"type":"heartbeat"}}'],
    ['binary audio read as text', '\u0001\u0001\u0000\ufffd'],
    ['a list of lists without end', '['.repeat(200_000)],
    ['lists a hundred thousand deep', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('%s: bad_message', (_, text) => {
    expect(parseClientMessage(text)).toEqual({ ok: false, code: 'bad_message', message: expect.any(String) });
  });

  it.each(['', 'HEARTBEAT', 'heartbeat ', 'audio_response', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'size'])(
    'a message of type "%s": unknown_type',
    (type) => {
      expect(parse({ type })).toMatchObject({ ok: false, code: 'unknown_type' });
    },
  );

  it('texts as long as only audio may be', () => {
    const long = 'x'.repeat(MAX_CONTROL_MESSAGE_BYTES);
    expect(parse({ ...TEXT, text: `${long}x` })).toEqual({ ok: false, code: 'bad_message', message: 'text is too long' });
    expect(parse({ ...CHUNK, format: `${long}x` })).toEqual({ ok: false, code: 'bad_message', message: 'format is too long' });
    expect(parse({ ...CHUNK, data: `${long}x` })).toMatchObject({ ok: true });
  });

  it('no start with the longest prompt, however it is written', () => {
    const prompt = FACE.repeat(16_000);
    const escaped = prompt.replace(/[^]/g, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
    const text = `{"type":"start_conversation","system_prompt":"${escaped}"}`;
    expect(text.length).toBeLessThan(MAX_CONTROL_MESSAGE_BYTES);
    expect(parseClientMessage(text)).toMatchObject({ ok: true, message: { system_prompt: prompt } });
    expect(parse({ ...START, system_prompt: '[{,:"'.repeat(3_200) })).toMatchObject({ ok: true });
  });

  it('survives depth in a field that is known and in one that is not', () => {
    const deep = '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000);
    expect(parseClientMessage(`{"type":"heartbeat","extra":${deep}}`)).toMatchObject({ ok: true });
    expect(parseClientMessage(`{"type":"text_message","text":${deep}}`)).toMatchObject({ ok: false, code: 'bad_message' });
  });

  it('lets no field name reach a prototype or the rules', () => {
    const parsed = parseClientMessage(
      '{"__proto__":{"text":"inherited","polluted":true},"constructor":{"prototype":{"polluted":true}},"type":"text_message"}',
    );
    expect(parsed).toMatchObject({ ok: false, code: 'bad_message', message: expect.stringContaining('text') });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(Object.hasOwn(TextMessageDto.prototype, 'polluted')).toBe(false);
  });

  it('gives an answer for any text and any JSON', () => {
    const types = fc.constantFrom('start_conversation', 'audio_chunk', 'text_message', 'playback', 'interrupt', 'heartbeat', '__proto__');
    const keys = fc.constantFrom('engine', 'language', 'text', 'turn', 'event', 'played_ms', 'data', 'format', '__proto__', 'constructor');
    const nearlyMessages = fc
      .tuple(types, fc.dictionary(keys, fc.jsonValue()))
      .map(([type, fields]) => JSON.stringify({ ...fields, type }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), nearlyMessages), (text) => {
        const parsed = parseClientMessage(text);
        if (parsed.ok) expect(JSON.parse(text)).toMatchObject({ type: parsed.message.type });
        else expect(parsed.message.length).toBeGreaterThan(0);
      }),
    );
  });
});
