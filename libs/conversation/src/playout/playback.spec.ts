import type { ConversationScript } from '../testing/conversation-script';
import { givenPlayingOut, givenSpeaking, givenThinking } from '../testing/given';

const COMPLETED = ['clear_timer stalled', 'clear_timer playback_overdue', 'expect_echo off', 'measured 1', 'state USER_SPEAKING 2'];

const reports = (talk: ConversationScript, event: 'started' | 'progress' | 'ended', playedMs: number, turn = 1): string[] =>
  talk.happens({ type: 'playback_reported', turn, event, playedMs });

/** Reply 1 with its complete text and no audio yet. */
function givenWritten(): ConversationScript {
  const talk = givenThinking();
  talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon.' });
  talk.happens({ type: 'reply_text_ended', reply: 1 });
  return talk;
}

function produces(talk: ConversationScript, durationMs: number): void {
  talk.happens({ type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs });
  talk.happens({ type: 'audio_sent', reply: 1, durationMs });
}

function finishes(talk: ConversationScript): string[] {
  talk.happens({ type: 'reply_audio_ended', reply: 1 });
  return talk.happens({ type: 'audio_finished', reply: 1 });
}

describe('the audio of a reply', () => {
  it('is sent as it arrives, and its end is marked', () => {
    const talk = givenWritten();
    const audio = Int16Array.of(1, 2, 3);
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 })).toEqual(['send_audio 1 500']);
    expect(talk.effects.at(-1)?.effect).toEqual({ type: 'send_audio', reply: 1, turn: 1, audio, durationMs: 500 });
    expect(talk.happens({ type: 'reply_audio_ended', reply: 1 })).toEqual(['finish_audio 1']);
  });
});

describe('the end of playback', () => {
  it('is estimated from the sent audio and the player buffer when the client reports nothing', () => {
    const talk = givenWritten();
    produces(talk, 500);
    talk.wait(100);
    produces(talk, 700);
    expect(finishes(talk)).toEqual(['clear_timer stalled', 'set_timer playback_overdue 1400']);
    expect(talk.wait(1_399)).toEqual([]);
    expect(talk.wait(1)).toEqual(COMPLETED);
  });

  it('is estimated from the second piece when the first has been played out before it', () => {
    const talk = givenWritten();
    produces(talk, 500);
    talk.wait(2_000);
    produces(talk, 700);
    expect(finishes(talk)).toContain('set_timer playback_overdue 700');
  });

  it('is taken from the client’s report when there is one', () => {
    const talk = givenPlayingOut();
    expect(reports(talk, 'started', 0)).toEqual([]);
    expect(reports(talk, 'progress', 250)).toEqual([]);
    expect(reports(talk, 'ended', 1_000)).toEqual(COMPLETED);
    expect(reports(talk, 'ended', 1_000)).toEqual([]);
  });

  it('is awaited only as long as reports keep coming', () => {
    const talk = givenPlayingOut();
    talk.wait(1_200);
    reports(talk, 'started', 0);
    expect(talk.wait(100)).toEqual(['set_timer playback_overdue 3000']);
    talk.wait(2_500);
    reports(talk, 'progress', 400);
    expect(talk.wait(500)).toEqual(['set_timer playback_overdue 2600']);
    expect(talk.wait(2_599)).toEqual([]);
    expect(talk.wait(1)).toEqual(COMPLETED);
  });

  it('is reached at once when the client has reported all audio as played', () => {
    const talk = givenPlayingOut();
    talk.wait(1_200);
    reports(talk, 'progress', 1_000);
    expect(talk.wait(100)).toEqual(COMPLETED);
  });

  it('gets two seconds of grace when the client has sent a report', () => {
    const talk = givenSpeaking();
    reports(talk, 'progress', 250);
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    expect(finishes(talk)).toContain('set_timer playback_overdue 3300');
    expect(talk.wait(3_299)).toEqual([]);
    expect(talk.wait(1)).toEqual(COMPLETED);
  });

  it('is reached when everything was played before the last send is acknowledged', () => {
    const talk = givenWritten();
    produces(talk, 500);
    expect(reports(talk, 'ended', 500)).toEqual([]);
    expect(finishes(talk)).toEqual(['clear_timer stalled', 'clear_timer playback_overdue', ...COMPLETED.slice(2)]);
  });

  it('is not reached when the player ran dry and more audio followed', () => {
    const talk = givenWritten();
    produces(talk, 500);
    reports(talk, 'ended', 500);
    produces(talk, 700);
    expect(finishes(talk)).toContain('set_timer playback_overdue 3500');
    expect(talk.phase).toBe('AI_SPEAKING');
  });

  it('adds the reply to the memory', () => {
    const talk = givenPlayingOut();
    reports(talk, 'ended', 1_000);
    expect(talk.state).toMatchObject({
      turn: 2,
      memory: [
        { role: 'user', content: 'what time is it' },
        { role: 'assistant', content: 'It is noon.' },
      ],
    });
  });

  it('cannot come before the last audio was sent', () => {
    const talk = givenSpeaking();
    expect(talk.happens({ type: 'audio_finished', reply: 1 })).toEqual([]);
    expect(reports(talk, 'ended', 1_000)).toEqual([]);
    expect(talk.phase).toBe('AI_SPEAKING');
  });
});

describe('a playback report', () => {
  it.each([
    ['for another turn', 2],
    ['for a past turn', 0],
  ])('%s is ignored', (_, turn) => {
    const talk = givenPlayingOut();
    const state = talk.state;
    expect(reports(talk, 'ended', 1_000, turn)).toEqual([]);
    expect(talk.state).toBe(state);
  });

  it('is ignored before any audio has been sent', () => {
    const talk = givenWritten();
    const state = talk.state;
    reports(talk, 'ended', 1_000);
    expect(talk.state).toBe(state);
  });

  it('never moves the position back, or beyond what has been sent', () => {
    const talk = givenSpeaking();
    reports(talk, 'progress', 500);
    reports(talk, 'progress', 250);
    expect(talk.state).toMatchObject({ reply: { playout: { reportedMs: 500 } } });
    reports(talk, 'progress', 99_000);
    expect(talk.state).toMatchObject({ reply: { playout: { reportedMs: 1_000 } } });
  });

  it('tells when playback started', () => {
    const talk = givenSpeaking();
    talk.wait(600);
    reports(talk, 'progress', 250);
    const startedAtMs = talk.nowMs - 250;
    reports(talk, 'progress', 500);
    expect(talk.state).toMatchObject({ reply: { marks: { playback_started: startedAtMs } } });
  });

  it('of more audio than can have been heard dates the start of playback to the first audio, not earlier', () => {
    const talk = givenWritten();
    const sentAtMs = talk.nowMs;
    produces(talk, 800);
    talk.wait(20);
    reports(talk, 'ended', 99_000);
    expect(talk.state).toMatchObject({ reply: { marks: { audio_sent: sentAtMs, playback_started: sentAtMs } } });
  });
});
