import type { ServerMessage } from '@parley/protocol';
import { type Arrival, Inbox, type Speech, violationsIn } from '@parley/testing/client';

/** Every conversation in the other suites is checked against these rules; here each rule is broken once. */

const GREETING: ServerMessage = { type: 'connection_established', message: 'hello', protocol: 1 };
const FINAL: ServerMessage = { type: 'transcript', turn: 1, text: 'hello', is_final: true };
const TEXT: ServerMessage = { type: 'text_response', turn: 1, text: 'Hello', is_final: false };
const TEXT_END: ServerMessage = { type: 'text_response', turn: 1, text: ' there.', is_final: true, full_text: 'Hello there.' };
const HEARD: ServerMessage = { type: 'text_response', turn: 1, text: '', is_final: true, full_text: 'Hello there.', heard_text: 'Hello' };
const STOPPED: ServerMessage = { type: 'interruption', turn: 1, reason: 'button' };
const ENDED: ServerMessage = { type: 'conversation_ended', reason: 'client' };
const duck = (active: boolean): ServerMessage => ({ type: 'duck', turn: 1, active });

function state(name: Extract<ServerMessage, { type: 'state' }>['state'], turn = 1): ServerMessage {
  return { type: 'state', state: name, turn };
}

const speech = (seq: number, last = false, turn = 1): Speech => ({ turn, seq, last, pcm: Buffer.alloc(last ? 0 : 2) });

const LISTENS = [GREETING, state('USER_SPEAKING')];
const SPEAKS = [...LISTENS, state('AI_PROCESSING'), FINAL, state('AI_SPEAKING')];
const WHOLE = [...SPEAKS, TEXT, speech(0), TEXT_END, speech(1), speech(2, true), state('USER_SPEAKING', 2)];

function inboxOf(items: readonly (ServerMessage | Speech)[]): Inbox {
  const inbox = new Inbox();
  for (const item of items) {
    const arrival: Arrival = 'type' in item ? { atMs: 0, kind: 'message', message: item } : { atMs: 0, kind: 'speech', speech: item };
    inbox.add(arrival);
  }
  return inbox;
}

describe('The rules of the protocol', () => {
  it.each([
    ['a whole turn', WHOLE],
    ['an interrupted one', [...SPEAKS, TEXT, speech(0), duck(true), STOPPED, state('USER_SPEAKING', 2)]],
    ['one that says what was heard of it', [...SPEAKS, TEXT, TEXT_END, speech(0), HEARD, STOPPED, state('USER_SPEAKING', 2)]],
    ['a voice lowered and raised again', [...SPEAKS, TEXT, duck(true), duck(false), TEXT_END]],
    ['an end', [...LISTENS, state('IDLE'), ENDED]],
  ])('are kept by %s', (_, items) => {
    expect(violationsIn(inboxOf(items))).toEqual([]);
  });

  it.each([
    ['no greeting', [state('USER_SPEAKING')]],
    ['something after the end', [...LISTENS, state('IDLE'), ENDED, TEXT]],
    ['a first state of another turn', [GREETING, state('USER_SPEAKING', 2)]],
    ['a state left out', [...LISTENS, state('AI_SPEAKING')]],
    ['a turn that is not counted', [...SPEAKS, state('USER_SPEAKING', 1)]],
    ['speech before the assistant speaks', [...LISTENS, speech(0)]],
    ['speech after an interruption', [...SPEAKS, TEXT, STOPPED, speech(0)]],
    ['speech of a turn that is over', [...WHOLE, speech(3)]],
    ['text after an interruption', [...SPEAKS, TEXT, STOPPED, TEXT_END]],
    ['a gap in the numbers', [...SPEAKS, TEXT, speech(0), speech(2)]],
    ['numbers from 1', [...SPEAKS, TEXT, speech(1)]],
    ['speech after its last frame', [...SPEAKS, TEXT, speech(0, true), speech(1)]],
    ['an empty frame that is not the last', [...SPEAKS, TEXT, { ...speech(0), pcm: Buffer.alloc(0) }]],
    ['a full text that is another', [...SPEAKS, TEXT, { ...TEXT_END, full_text: 'Hello.' }]],
    ['two final texts', [...SPEAKS, TEXT, TEXT_END, TEXT_END]],
    ['heard text that is told twice', [...SPEAKS, TEXT, TEXT_END, HEARD, HEARD]],
    ['new text with what was heard', [...SPEAKS, TEXT, TEXT_END, { ...HEARD, text: ' Bye.', full_text: 'Hello there. Bye.' }]],
    ['a final text without the whole', [...SPEAKS, { ...TEXT, is_final: true }]],
    ['two final transcripts', [...LISTENS, FINAL, FINAL]],
    ['a partial transcript after the final one', [...LISTENS, FINAL, { ...FINAL, is_final: false }]],
    ['a voice lowered twice', [...SPEAKS, TEXT, duck(true), duck(true)]],
    ['a voice raised that was not lowered', [...SPEAKS, TEXT, duck(false)]],
    ['a turn interrupted twice', [...SPEAKS, TEXT, STOPPED, STOPPED]],
  ])('are broken by %s', (_, items) => {
    expect(violationsIn(inboxOf(items))).not.toEqual([]);
  });
});
