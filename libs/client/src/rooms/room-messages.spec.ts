/** @jest-environment node */
import type { RoomServerMessage } from '@parley/protocol';
import { chatWords } from './room-chat';
import { newIdentity } from './room-identity';
import { parseRoomMessage } from './room-messages';

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

describe('parseRoomMessage', () => {
  const whole: RoomServerMessage[] = [
    { type: 'state', state: 'AI_SPEAKING', turn: 3 },
    { type: 'transcript', turn: 1, text: 'What time is it?', is_final: false },
    { type: 'transcript', turn: 1, text: 'What time is it?', is_final: true, identity: 'asha-1' },
    { type: 'text_response', turn: 1, text: 'It is noon.', is_final: true, full_text: 'It is noon.' },
    { type: 'interruption', turn: 1, reason: 'speech' },
    { type: 'turn_metrics', turn: 1, marks: { speech_end: 0, turn_end: 900 }, speculative: true },
    { type: 'error', code: 'llm_failed', message: 'No answer.', fatal: false },
    { type: 'notice', code: 'turn_limit', message: 'Long.' },
    { type: 'conversation_ended', reason: 'inactivity_timeout' },
  ];
  it.each(whole)('reads a whole message of $type', (message) => {
    expect(parseRoomMessage(bytes(message))).toEqual(message);
  });

  it.each([
    ['no JSON', 'hello'],
    ['text', '"hello"'],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['no type', {}],
    ['a type that the page does not show', { type: 'duck', turn: 1, active: true }],
    ['the name of an inherited property', { type: 'toString' }],
    ['a state that there is not', { type: 'state', state: 'ASLEEP', turn: 1 }],
    ['a turn below zero', { type: 'state', state: 'IDLE', turn: -1 }],
    ['a turn that is text', { type: 'interruption', turn: '1', reason: 'speech' }],
    ['an object for text', { type: 'transcript', turn: 1, text: {}, is_final: true }],
    ['a number for an identity', { type: 'transcript', turn: 1, text: 'x', is_final: true, identity: 1 }],
    ['marks that are text', { type: 'turn_metrics', turn: 1, marks: { turn_end: 'x' }, speculative: false }],
    ['no marks', { type: 'turn_metrics', turn: 1, speculative: false }],
  ])('reads nothing from %s', (_what, value) => {
    expect(parseRoomMessage(bytes(value))).toBeUndefined();
  });

  it('reads nothing from bytes that are no text', () => {
    expect(parseRoomMessage(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))).toBeUndefined();
  });
});

describe('chatWords', () => {
  it.each([
    ['Hello.', 'Hello.'],
    ['  Hello. \n', 'Hello.'],
    ['{"message":"Hello."}', 'Hello.'],
    ['{"text":"Hello."}', '{"text":"Hello."}'],
    ['{braces', '{braces'],
    ['   ', undefined],
    ['{"message":" "}', undefined],
  ])('reads %j as %j', (text, words) => {
    expect(chatWords(text)).toBe(words);
  });

  it('cuts what is longer than the assistant would read', () => {
    expect(chatWords('x'.repeat(5_000))).toHaveLength(4_000);
  });
});

describe('newIdentity', () => {
  it.each([
    ['Asha', /^asha-[a-z0-9]{6}$/],
    ['Zoë  Müller!', /^zoe-mu-ller-[a-z0-9]{6}$|^zo-e-mu-ller-[a-z0-9]{6}$/],
    ['आशा', /^guest-[a-z0-9]{6}$/],
    ['Agent-7', /^guest-[a-z0-9]{6}$/],
    ['x'.repeat(64), /^x{32}-[a-z0-9]{6}$/],
  ])('makes an identity that can be read from %j', (name, identity) => {
    expect(newIdentity(name)).toMatch(identity);
  });

  it('makes another one each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => newIdentity('Asha'))).size).toBe(100);
  });
});
