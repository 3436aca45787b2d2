import * as fc from 'fast-check';
import { MAX_NARRATION_PIECE_LENGTH } from '../../wire/constants';
import { parseNarrationMessage } from './parse-narration-message';

const parse = (message: unknown) => parseNarrationMessage(JSON.stringify(message));
const START = { type: 'start_narration' };

describe('messages of a narration that are accepted', () => {
  it.each([
    ['a start without choices', START],
    [
      'a start with every choice',
      {
        ...START,
        voice_id: 'parley-clara',
        model: 'eleven_flash_v2_5',
        latency: 'auto',
        chunk_schedule: [50, 500],
        output_format: 'pcm_16000',
        voice_settings: { stability: 0, similarity: 1, style: 0.5, speed: 0.7 },
        language: 'en-IN',
        seed: 4_294_967_295,
      },
    ],
    ['one character of text', { type: 'text', text: 'a' }],
    ['white space alone, which may be a piece of a text', { type: 'text', text: ' ' }],
    ['the longest piece of text', { type: 'text', text: 'x'.repeat(MAX_NARRATION_PIECE_LENGTH) }],
    ['flush', { type: 'flush' }],
    ['another voice', { type: 'set_voice', voice_id: 'parley-ray', voice_settings: {} }],
    ['pause', { type: 'pause' }],
    ['resume', { type: 'resume' }],
    ['cancel', { type: 'cancel' }],
    ['end_text', { type: 'end_text' }],
    ['playback', { type: 'playback', turn: 1, event: 'progress', played_ms: 250 }],
    ['heartbeat', { type: 'heartbeat' }],
  ])('%s', (_, message) => {
    expect(parse(message)).toEqual({ ok: true, message });
  });

  it('a start whose choices are null, which count as absent', () => {
    expect(parse({ ...START, voice_id: null, chunk_schedule: null, voice_settings: null })).toEqual({ ok: true, message: START });
  });
});

describe('messages of a narration that are refused with a message that names the field', () => {
  it.each([
    ['a schedule below 50', { ...START, chunk_schedule: [49] }, 'chunk_schedule'],
    ['a schedule above 500', { ...START, chunk_schedule: [120, 501] }, 'chunk_schedule'],
    ['a schedule with half a character', { ...START, chunk_schedule: [120.5] }, 'chunk_schedule'],
    ['an empty schedule', { ...START, chunk_schedule: [] }, 'chunk_schedule'],
    ['a schedule of eleven entries', { ...START, chunk_schedule: Array(11).fill(100) }, 'chunk_schedule'],
    ['a schedule in words', { ...START, chunk_schedule: ['120'] }, 'chunk_schedule'],
    ['an unknown latency', { ...START, latency: 'fast' }, 'latency'],
    ['a voice that is a path', { ...START, voice_id: '../x' }, 'voice_id'],
    ['a model with a space', { ...START, model: 'a b' }, 'model'],
    ['a seed below 0', { ...START, seed: -1 }, 'seed'],
    ['a seed above 32 bits', { ...START, seed: 4_294_967_296 }, 'seed'],
    ['a setting that does not exist', { ...START, voice_settings: { loudness: 1 } }, 'voice_settings'],
    ['a setting from the prototype', { ...START, voice_settings: { toString: 1 } }, 'voice_settings'],
    ['a speed out of range', { ...START, voice_settings: { speed: 1.3 } }, 'voice_settings'],
    ['settings that are a list', { ...START, voice_settings: [0.5] }, 'voice_settings'],
    ['a stability in words', { ...START, voice_settings: { stability: '0.5' } }, 'voice_settings'],
    ['text that is empty', { type: 'text', text: '' }, 'text'],
    ['text that is too long', { type: 'text', text: 'x'.repeat(MAX_NARRATION_PIECE_LENGTH + 1) }, 'text'],
    ['text that is a number', { type: 'text', text: 1 }, 'text'],
    ['a change of the voice without a voice', { type: 'set_voice' }, 'voice_id'],
  ])('%s', (_, message, field) => {
    expect(parse(message)).toEqual({ ok: false, code: 'bad_message', message: expect.stringMatching(new RegExp(`^${field} must be `)) });
  });

  it('a message of a conversation, which is of no known type here', () => {
    expect(parse({ type: 'start_conversation' })).toMatchObject({ ok: false, code: 'unknown_type' });
  });

  it('answers any JSON, and lets no field name reach a prototype', () => {
    const keys = fc.constantFrom('voice_id', 'latency', 'chunk_schedule', 'voice_settings', 'text', 'seed', '__proto__', 'constructor');
    const types = fc.constantFrom('start_narration', 'text', 'set_voice', 'end_text', '__proto__');
    fc.assert(
      fc.property(types, fc.dictionary(keys, fc.jsonValue()), (type, fields) => {
        const parsed = parse({ ...fields, type });
        expect(parsed.ok || parsed.message.length > 0).toBe(true);
      }),
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
