import type { ConversationScript } from '../testing/conversation-script';
import {
  givenDraft,
  givenListening,
  givenPlayingOut,
  givenSpeaking,
  givenThinking,
  givenTurnEnded,
  givenUserSpeaking,
} from '../testing/given';
import { reduce } from './reduce';
import { DEFAULT_TURN_POLICY } from './turn-policy';
import { idle } from './turn-state';

const phaseChanges = (effects: readonly string[]): string[] => effects.filter((effect) => effect.startsWith('state '));

describe('the state table of the protocol', () => {
  it('leads from IDLE to USER_SPEAKING when the conversation starts', () => {
    const { state, effects } = reduce(idle(DEFAULT_TURN_POLICY), { type: 'conversation_started', atMs: 5 });
    expect(state).toMatchObject({ phase: 'USER_SPEAKING', turn: 1, memory: [] });
    expect(effects).toEqual([
      { type: 'set_timer', timer: 'inactivity', delayMs: 60_000 },
      { type: 'notify', notification: { type: 'state_changed', phase: 'USER_SPEAKING', turn: 1 } },
    ]);
  });

  it.each<[string, () => ConversationScript, (talk: ConversationScript) => string[], string[]]>([
    ['silence after speech', givenUserSpeaking, (talk) => talk.silence(900), ['state AI_PROCESSING 1']],
    ['a typed message', givenListening, (talk) => talk.happens({ type: 'text_received', text: 'hello' }), ['state AI_PROCESSING 1']],
    [
      'a typed message while speaking',
      givenUserSpeaking,
      (talk) => talk.happens({ type: 'text_received', text: 'hello' }),
      ['state AI_PROCESSING 1'],
    ],
    [
      'the first words of the answer',
      givenThinking,
      (talk) => talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It' }),
      ['state AI_SPEAKING 1'],
    ],
    ['speech before the transcript', givenTurnEnded, (talk) => talk.speech(240), ['state USER_SPEAKING 2']],
    ['speech before the answer', givenThinking, (talk) => talk.speech(240), ['state USER_SPEAKING 2']],
    ['speech over the answer', givenSpeaking, (talk) => talk.speech(240), ['state USER_SPEAKING 2']],
    ['speech over the last audio of the answer', givenPlayingOut, (talk) => talk.speech(240), ['state USER_SPEAKING 2']],
    ['the button before the transcript', givenTurnEnded, press, ['state USER_SPEAKING 2']],
    ['the button before the answer', givenThinking, press, ['state USER_SPEAKING 2']],
    ['the button over the answer', givenSpeaking, press, ['state USER_SPEAKING 2']],
    ['the button while listening', givenUserSpeaking, press, []],
    [
      'a typed message over the answer',
      givenSpeaking,
      (talk) => talk.happens({ type: 'text_received', text: 'hello' }),
      ['state USER_SPEAKING 2', 'state AI_PROCESSING 2'],
    ],
    [
      'the end of playback',
      givenPlayingOut,
      (talk) => talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: 1_000 }),
      ['state USER_SPEAKING 2'],
    ],
    ['a failure of the answer', givenThinking, (talk) => talk.wait(30_000), ['state AI_SPEAKING 1', 'state USER_SPEAKING 2']],
    [
      'an empty transcript',
      givenTurnEnded,
      (talk) => talk.happens({ type: 'transcript_finished', utterance: 1, text: '' }),
      ['state USER_SPEAKING 2'],
    ],
  ])('is followed on %s', (_, given, happens, expected) => {
    expect(phaseChanges(happens(given()))).toEqual(expected);
  });

  function press(talk: ConversationScript): string[] {
    return talk.happens({ type: 'interrupt_requested' });
  }
});

describe('the end of a conversation', () => {
  const HEARD_NOTHING = 'reply_text 1 "" final "It is noon." heard ""';
  const released = ['clear_timer inactivity', expect.stringMatching(/^state IDLE/u), 'ended client', 'end_session client'];

  it.each<[string, () => ConversationScript, string[]]>([
    ['nobody is speaking', givenListening, []],
    ['the user is speaking', givenUserSpeaking, ['discard_utterance 1', 'clear_timer audio_gap']],
    ['a draft is prepared', givenDraft, ['cancel_reply 1', 'clear_timer audio_gap']],
    ['a transcript is pending', givenTurnEnded, ['discard_utterance 1', 'clear_timer stalled']],
    ['an answer was requested', givenThinking, ['cancel_reply 1', 'measured 1', 'clear_timer stalled']],
    ['the assistant is speaking', givenSpeaking, ['cancel_reply 1', HEARD_NOTHING, 'measured 1', 'clear_timer stalled', 'expect_echo off']],
    [
      'the last audio is playing',
      givenPlayingOut,
      ['cancel_reply 1', HEARD_NOTHING, 'measured 1', 'clear_timer stalled', 'clear_timer playback_overdue', 'expect_echo off'],
    ],
  ])('while %s releases everything once', (_, given, before) => {
    const talk = given();
    expect(talk.happens({ type: 'conversation_ended', reason: 'client' })).toEqual([...before, ...released]);
    expect(talk.runningTimers).toEqual([]);
    expect(talk.state).toEqual({ phase: 'IDLE', policy: expect.anything(), ended: 'client' });
  });

  it('is final: no later event has any effect', () => {
    const talk = givenSpeaking();
    talk.happens({ type: 'conversation_ended', reason: 'server_shutdown' });
    const after = talk.during(() => {
      talk.happens({ type: 'conversation_started' });
      talk.happens({ type: 'conversation_ended', reason: 'client' });
      talk.happens({ type: 'reply_text_produced', reply: 1, text: 'late' });
      talk.happens({ type: 'text_received', text: 'hello' });
      talk.happens({ type: 'timer_fired', timer: 'stalled' });
      talk.speech(640);
      talk.wait(100_000);
    });
    expect(after).toEqual([]);
  });
});

describe('a conversation', () => {
  it('starts only once', () => {
    expect(givenSpeaking().happens({ type: 'conversation_started' })).toEqual([]);
  });

  it('that ends before it starts releases everything and does not start', () => {
    const ended = reduce(idle(DEFAULT_TURN_POLICY), { type: 'conversation_ended', reason: 'client', atMs: 0 });
    expect(ended.effects).toEqual([{ type: 'end_session', reason: 'client' }]);
    expect(reduce(ended.state, { type: 'conversation_started', atMs: 1 })).toEqual({ state: ended.state, effects: [] });
  });

  it('does nothing before it starts', () => {
    const state = idle(DEFAULT_TURN_POLICY);
    expect(reduce(state, { type: 'text_received', text: 'hello', atMs: 0 })).toEqual({ state, effects: [] });
    expect(reduce(state, { type: 'audio_heard', audioMs: 20, atMs: 0 })).toEqual({ state, effects: [] });
  });
});
