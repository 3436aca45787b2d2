import { type ConversationScript } from '../testing/conversation-script';
import {
  givenDraft,
  givenListening,
  givenPlayingOut,
  givenSpeaking,
  givenThinking,
  givenTurnEnded,
  givenUserSpeaking,
} from '../testing/given';
import type { TimerName } from './turn-event';

/** Waits until the conversation has ended; returns how long it took since `sinceMs`. */
function waitForEnd(talk: ConversationScript, sinceMs: number): number {
  for (let seconds = 0; seconds < 300 && talk.phase !== 'IDLE'; seconds++) talk.wait(1_000);
  const end = talk.effects.find(({ effect }) => effect.type === 'end_session');
  expect(end?.effect).toEqual({ type: 'end_session', reason: 'inactivity_timeout' });
  return (end?.atMs ?? 0) - sinceMs;
}

describe('the inactivity limit', () => {
  it('ends the conversation 60 s after its start', () => {
    const talk = givenListening();
    const startMs = talk.nowMs;
    expect(talk.wait(59_999)).toEqual([]);
    expect(talk.wait(1)).toEqual(['clear_timer inactivity', 'state IDLE 1', 'ended inactivity_timeout', 'end_session inactivity_timeout']);
    expect(talk.nowMs - startMs).toBe(60_000);
  });

  it('is not extended by silence, single windows of noise, or a noise that was not a turn', () => {
    const talk = givenListening();
    const startMs = talk.nowMs;
    talk.silence(20_000);
    talk.strayWindow();
    talk.silence(5_000);
    talk.speech(128);
    talk.silence(1_000);
    talk.happens({ type: 'transcript_finished', utterance: 1, text: '' });
    talk.silence(9_000);
    expect(waitForEnd(talk, startMs)).toBe(60_000);
  });

  it('waits until it is decided whether a sound was speech', () => {
    const talk = givenListening();
    talk.silence(59_904);
    talk.speech(320);
    expect(talk.phase).toBe('USER_SPEAKING');
    talk.silence(960);
    expect(talk.phase).toBe('AI_PROCESSING');

    const noisy = givenListening();
    noisy.silence(59_904);
    noisy.speech(128);
    expect(noisy.phase).toBe('USER_SPEAKING');
    noisy.silence(960);
    expect(noisy.phase).toBe('USER_SPEAKING');
    noisy.happens({ type: 'transcript_finished', utterance: 1, text: '' });
    noisy.silence(20);
    expect(noisy.phase).toBe('IDLE');
  });

  it('counts from the last word of the user when nothing was understood', () => {
    const talk = givenUserSpeaking();
    const spokenMs = talk.nowMs;
    talk.silence(960);
    talk.wait(500);
    talk.happens({ type: 'transcript_finished', utterance: 1, text: '' });
    expect(waitForEnd(talk, spokenMs)).toBe(60_000);
  });

  it('counts from the last word of the assistant', () => {
    const talk = givenPlayingOut();
    talk.wait(1_000);
    talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: 1_000 });
    expect(waitForEnd(talk, talk.nowMs)).toBe(60_000);
  });

  it('counts from the moment the stop button was pressed', () => {
    const talk = givenSpeaking();
    talk.wait(10_000);
    talk.happens({ type: 'interrupt_requested' });
    expect(waitForEnd(talk, talk.nowMs)).toBe(60_000);
  });

  it('does not count while the assistant is processing or speaking', () => {
    const talk = givenSpeaking();
    for (let second = 0; second < 120; second++) {
      talk.wait(1_000);
      talk.happens({ type: 'reply_text_produced', reply: 1, text: ' and' });
    }
    expect(talk.phase).toBe('AI_SPEAKING');
  });
});

describe('a stage that stalls', () => {
  it.each([
    ['stt', givenTurnEnded],
    ['llm', givenThinking],
    ['llm', givenSpeaking],
  ] as const)('of type %s fails after 15 s', (stage, given) => {
    const talk = given();
    talk.wait(14_900);
    expect(talk.effects.map(({ effect }) => effect.type)).not.toContain('speak_fallback');
    expect(talk.wait(160)).toEqual(expect.arrayContaining([`failed 1 ${stage} timeout`]));
  });

  it('fails 15 s after its last sound when it is the voice', () => {
    const talk = givenSpeaking();
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    talk.wait(10_000);
    talk.happens({ type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs: 20 });
    talk.wait(14_999);
    expect(talk.phase).toBe('AI_SPEAKING');
    expect(talk.wait(1)).toEqual(expect.arrayContaining(['cancel_reply 1', 'failed 1 tts timeout', 'speak_fallback 2 tts']));
  });

  it('is cancelled when it is transcription, and its late transcript is ignored', () => {
    const talk = givenTurnEnded();
    expect(talk.wait(15_000).slice(0, 2)).toEqual(['discard_utterance 1', 'failed 1 stt timeout']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'late' })).toEqual([]);
  });

  it('ends the turn 15 s later when its prepared sentence stalls too', () => {
    const talk = givenThinking();
    talk.wait(15_000);
    expect(talk.phase).toBe('AI_SPEAKING');
    expect(talk.wait(15_000).slice(0, 1)).toEqual(['cancel_reply 2']);
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 2 });
  });

  it.each([
    ['a token', { type: 'reply_text_produced', reply: 1, text: ' so' } as const],
    ['a sound', { type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs: 20 } as const],
    ['audio that was sent', { type: 'audio_sent', reply: 1, durationMs: 20 } as const],
  ])('has not stalled while it produces %s', (_, happening) => {
    const talk = givenSpeaking();
    for (let times = 0; times < 4; times++) {
      talk.wait(14_000);
      talk.happens(happening);
    }
    expect(talk.runningTimers).toContain('stalled');
    expect(talk.state).toMatchObject({ phase: 'AI_SPEAKING', reply: { id: 1 } });
  });
});

describe('a timer that fires too early or too late', () => {
  const phases: [string, () => ConversationScript][] = [
    ['listening', () => givenListening()],
    ['the turn of the user', () => givenUserSpeaking()],
    ['a draft', () => givenDraft()],
    ['the wait for the transcript', () => givenTurnEnded()],
    ['the wait for the answer', () => givenThinking()],
    ['the speaking of the answer', () => givenSpeaking()],
    ['the playback of the last audio', () => givenPlayingOut()],
  ];
  const timers: TimerName[] = ['inactivity', 'audio_gap', 'stalled', 'playback_overdue'];

  it.each(phases)('changes nothing during %s', (_, given) => {
    for (const timer of timers) {
      const talk = given();
      const state = talk.state;
      const effects = talk.happens({ type: 'timer_fired', timer });
      expect({ timer, effects: effects.filter((effect) => !effect.startsWith('set_timer')) }).toEqual({ timer, effects: [] });
      expect(talk.state).toEqual(state);
    }
  });

  it('is set again for the remaining time', () => {
    expect(givenPlayingOut().happens({ type: 'timer_fired', timer: 'playback_overdue' })).toEqual(['set_timer playback_overdue 1300']);
    expect(givenThinking().happens({ type: 'timer_fired', timer: 'stalled' })).toEqual(['set_timer stalled 15000']);
  });
});
