import type { ConversationScript } from '../script/conversation-script';
import { givenThinking } from '../script/given';
import { type LastSaid, repeats } from './echo';
import type { SpeechAlignment } from './heard-text';
import type { TurnPolicy } from './turn-policy';

const said = (words: string): LastSaid => ({ words: words.split(' '), untilAtMs: 0 });

describe('a transcript that repeats the assistant', () => {
  it.each([
    ['it is noon', 'it is noon have a good lunch', true],
    ['It is noon!', 'it is noon have a good lunch', true],
    ['it is moon', 'it is noon have a good lunch', true],
    ['have lunch alone now please', 'it is noon have a good lunch', false],
    ['stop it', 'it is noon have a good lunch', false],
    ['noon', 'it is noon', false],
    ['', 'it is noon', false],
    ['it is', '', false],
    ['कल बारिश', 'कल बारिश होगी', true],
  ])('%j after %j: %s', (text, words, echo) => {
    expect(repeats(text, said(words))).toBe(echo);
  });
});

const TEXT = 'Once upon a time there was a king who lived in a very big castle. ';

function alignment(): SpeechAlignment {
  const chars = [...TEXT];
  return { chars, startMs: chars.map((_, index) => index * 100), durationMs: chars.map(() => 100) };
}

/** Reply 1 is a long sentence, 100 ms a character; three seconds of it have been played: "... there was a". */
function givenTelling(policy: Partial<TurnPolicy> = {}): ConversationScript {
  const talk = givenThinking(policy);
  talk.happens({ type: 'reply_text_produced', reply: 1, text: TEXT });
  talk.happens({ type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs: TEXT.length * 100, alignment: alignment() });
  talk.happens({ type: 'audio_sent', reply: 1, durationMs: TEXT.length * 100 });
  talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 3_000 });
  return talk;
}

/** 320 ms of sound interrupt the assistant, and are read as `text`. */
function soundOver(talk: ConversationScript, text: string): string[] {
  talk.speech(320);
  talk.silence(960);
  return talk.happens({ type: 'transcript_finished', utterance: 2, text });
}

const NOTHING_SAID = ['transcript 2 "" final', 'clear_timer stalled', 'state USER_SPEAKING 3'];

describe('an interruption by the assistant’s own echo', () => {
  it.each(['there was a', 'time there was', 'was a king'])('%j ends like one without words', (text) => {
    const talk = givenTelling();
    expect(soundOver(talk, text)).toEqual(NOTHING_SAID);
    expect(talk.state).toMatchObject({ memory: [{ content: 'what time is it' }] });
  });

  it.each(['was there someone at home', 'a', 'please stop', 'big castle'])('%j is not: it is the user’s', (text) => {
    expect(soundOver(givenTelling(), text)[0]).toBe(`transcript 2 "${text}" final`);
  });

  it('drafts nothing', () => {
    const talk = givenTelling({ draftAfterSilenceMs: 200 });
    talk.speech(320);
    talk.silence(320);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'there was a' })).toEqual([]);
    expect(talk.silence(640)).toEqual(expect.arrayContaining(NOTHING_SAID));
  });

  it('is not seen in what the user says after the assistant has stopped', () => {
    const talk = givenTelling();
    talk.happens({ type: 'interrupt_requested' });
    talk.silence(320);
    talk.speech(320);
    talk.silence(960);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'there was a' })[0]).toBe('transcript 2 "there was a" final');
  });

  it('is seen in the last sound of an answer that has come to its end', () => {
    const talk = givenTelling();
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    talk.happens({ type: 'reply_audio_ended', reply: 1 });
    talk.happens({ type: 'audio_finished', reply: 1 });
    talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: TEXT.length * 100 });
    expect(soundOver(talk, 'very big castle')).toEqual(NOTHING_SAID);
  });

  it('resumes a paused assistant', () => {
    const talk = givenTelling({ interruptionMode: 'resumable' });
    talk.speech(240);
    talk.silence(200);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'there was a' })).toContain('paused 1 off');
    expect(talk.phase).toBe('AI_SPEAKING');
  });
});
