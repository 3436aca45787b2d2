import * as fc from 'fast-check';
import { isParticipantIdentity, isRoomName, parseJoinRoom } from '../index';

const WHOLE = {
  room: 'kitchen-2_B',
  identity: 'anna',
  name: 'Anna A.',
  engine: 'agent',
  language: 'en-IN',
  voice_id: 'parley-ray',
  only_when_addressed: true,
  previous_token: 'abc.d_f.g-i',
};
const LONG = 'x'.repeat(65);

/** Texts that are no names, whether for a person or for an identity. */
const NO_NAMES: readonly (readonly [what: string, value: unknown])[] = [
  ['empty', ''],
  ['blank', '   '],
  ['too long', LONG],
  ['much too long', 'x'.repeat(1_000_000)],
  ['much too long without a letter', ' \u0301'.repeat(500_000)],
  ['with a blank before it', ' anna'],
  ['with a blank behind it', 'anna '],
  ['with a line break', 'an\nna'],
  ['with NUL', 'an\u0000na'],
  ['with an escape', 'an\u001b[2Jna'],
  ['with DEL', 'an\u007fna'],
  ['written backwards by a control', 'an\u202ena'],
  ['with an isolate', 'an\u2066na'],
  ['with a zero-width space', 'an\u200bna'],
  ['with a byte order mark', 'an\ufeffna'],
  ['with a line separator', 'an\u2028na'],
  ['half of a pair', 'an\ud83dna'],
  ['of joiners only', '\u200d\u200c'],
  ['for private use', '\ue000'],
  ['a number', 7],
  ['a list', ['anna']],
  ['an object', { toString: 'anna' }],
  ['true', true],
];
const NAMES = [
  'a',
  'Anna',
  'anna@example.org',
  'Zoë',
  'عائشة',
  'പാർവ്വതി',
  'क्‍ष',
  '안나',
  '👩‍🔬',
  'user|1234',
  '../../etc',
  'x'.repeat(64),
  '😀'.repeat(64),
];

describe('the body of a request to join a room', () => {
  it.each<[string, object]>([
    ['an identity alone', { identity: 'anna' }],
    ['every choice', WHOLE],
  ])('may be %s', (_, body) => {
    expect(parseJoinRoom(body)).toEqual({ ok: true, body });
  });

  it('may hold null for what is absent, and fields that are not known, which are left out', () => {
    const input: unknown = JSON.parse('{"identity":"anna","room":null,"name":null,"more":1,"__proto__":{"room":"x"},"kind":"agent"}');
    expect(parseJoinRoom(input)).toEqual({ ok: true, body: { identity: 'anna' } });
  });

  it.each(NAMES)('may have the identity and the name %s', (name) => {
    expect(parseJoinRoom({ identity: name, name })).toEqual({ ok: true, body: { identity: name, name } });
  });

  it.each(NO_NAMES)('must not have an identity or a name that is %s', (_, value) => {
    expect(parseJoinRoom({ identity: value })).toEqual({ ok: false, message: expect.stringMatching(/^identity must be/) });
    expect(parseJoinRoom({ identity: 'anna', name: value })).toEqual({ ok: false, message: expect.stringMatching(/^name must be/) });
  });

  it.each(['agent-AJ_1', 'Agent-x', 'AGENT-'])('must not have the identity %s, which looks like the assistant', (identity) => {
    expect(parseJoinRoom({ identity })).toEqual({ ok: false, message: expect.stringContaining('agent-') });
  });

  it.each<[string, unknown, string]>([
    ['no object', 'text', 'JSON object'],
    ['a list', [WHOLE], 'JSON object'],
    ['null', null, 'JSON object'],
    ['nothing', undefined, 'JSON object'],
    ['an object without an identity', {}, 'identity'],
    ['an inherited identity', Object.create({ identity: 'anna' }), 'identity'],
    ...['', 'a b', 'a/b', '../x', 'a.b', 'küche', 'a\n', LONG, 7, ['kitchen'], {}].map((room): [string, unknown, string] => [
      `a room ${JSON.stringify(room).slice(0, 20)}`,
      { identity: 'anna', room },
      'room',
    ]),
    ['an engine that does not exist', { identity: 'anna', engine: 'x' }, 'engine'],
    ['a language that is none', { identity: 'anna', language: 'no language' }, 'language'],
    ['a voice that is no id', { identity: 'anna', voice_id: '../voices' }, 'voice_id'],
    ['a choice in words', { identity: 'anna', only_when_addressed: 'true' }, 'only_when_addressed'],
    ['a token that is none', { identity: 'anna', previous_token: 'token' }, 'previous_token'],
    ['a token that is too long', { identity: 'anna', previous_token: `a.${'b'.repeat(4_096)}.c` }, 'previous_token'],
  ])('must not be or hold %s', (_, body, words) => {
    expect(parseJoinRoom(body)).toEqual({ ok: false, message: expect.stringContaining(words) });
  });

  it('never makes the check throw, and never comes back in its words', () => {
    fc.assert(
      fc.property(fc.record({ identity: fc.anything(), room: fc.anything(), name: fc.anything() }), (input) => {
        const parsed = parseJoinRoom(input);
        expect(parsed.ok || parsed.message.length > 0).toBe(true);
      }),
    );
    const secret = 'x\u0000secret';
    const parsed = parseJoinRoom(Object.fromEntries(Object.keys(WHOLE).map((field) => [field, secret])));
    expect(parsed).toEqual({ ok: false, message: expect.not.stringContaining('secret') });
  });
});

describe('names in addresses', () => {
  it('are those that a request to join may have', () => {
    expect([isRoomName('kitchen-2_B'), isRoomName('../x'), isRoomName('')]).toEqual([true, false, false]);
    expect([isParticipantIdentity('anna@example.org'), isParticipantIdentity('agent-1'), isParticipantIdentity('a\nb')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
