import type { ConversationScript } from '../testing/conversation-script';
import { givenThinking } from '../testing/given';
import { type LastSaid, repeats } from './echo';
import type { SpeechAlignment } from '../playout/heard-text';
import type { TurnPolicy } from './turn-policy';

const said = (words: string): Pick<LastSaid, 'words'> => ({ words: words.split(' ') });

describe('the echo check of a transcript', () => {
  it.each([
    ['it is noon', 'it is noon have a good lunch', true],
    ['It is noon!', 'it is noon have a good lunch', true],
    ['it is moon', 'it is noon have a good lunch', true],
    ['it noon have', 'it is noon have a good lunch', true],
    ['it moon have', 'it is noon have a good lunch', false],
    ['it moon', 'it is noon have a good lunch', false],
    ['noon is it', 'it is noon have a good lunch', false],
    ['it is noon now', 'it is noon have a good lunch', false],
    ['we dont know', 'we done know', false],
    ['have lunch alone now please', 'it is noon have a good lunch', false],
    ['stop it', 'it is noon have a good lunch', false],
    ['noon', 'it is noon', false],
    ['', 'it is noon', false],
    ['it is', '', false],
    ['कल बारिश', 'कल बारिश होगी', true],
  ])('for %j while the assistant says %j returns %s', (text, words, echo) => {
    expect(repeats(text, said(words))).toBe(echo);
  });
});

const TEXT = 'Once upon a time there was a king who lived in a very big castle. ';

function alignment(text = TEXT, characterMs = 100): SpeechAlignment {
  const chars = [...text];
  return { chars, startMs: chars.map((_, index) => index * characterMs), durationMs: chars.map(() => characterMs) };
}

/** Reply 1 is a long sentence at 100 ms per character. Three seconds of it have been played: "... there was a". */
function givenTelling(policy: Partial<TurnPolicy> = {}): ConversationScript {
  const talk = givenThinking(policy);
  talk.happens({ type: 'reply_text_produced', reply: 1, text: TEXT });
  talk.happens({ type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs: TEXT.length * 100, alignment: alignment() });
  talk.happens({ type: 'audio_sent', reply: 1, durationMs: TEXT.length * 100 });
  talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 3_000 });
  return talk;
}

/** 320 ms of sound interrupt the assistant, and are transcribed as `text`. */
function soundOver(talk: ConversationScript, text: string): string[] {
  talk.speech(320);
  talk.silence(960);
  return talk.happens({ type: 'transcript_finished', utterance: 2, text });
}

const NOTHING_SAID = ['transcript 2 "" final', 'clear_timer stalled', 'state USER_SPEAKING 3'];

describe('an interruption by the assistant’s own echo', () => {
  it.each(['there was a', 'time there was', 'was a king'])('ends like a sound without words: %j', (text) => {
    const talk = givenTelling();
    expect(soundOver(talk, text)).toEqual(NOTHING_SAID);
    expect(talk.state).toMatchObject({ memory: [{ content: 'what time is it' }] });
  });

  it.each(['was there someone at home', 'a', 'please stop', 'big castle'])(
    'is not assumed for other words, which are the user’s: %j',
    (text) => {
      expect(soundOver(givenTelling(), text)[0]).toBe(`transcript 2 "${text}" final`);
    },
  );

  it('gets no draft', () => {
    const talk = givenTelling({ draftAfterSilenceMs: 200 });
    talk.speech(320);
    talk.silence(320);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'there was a' })).toEqual([]);
    expect(talk.silence(640)).toEqual(expect.arrayContaining(NOTHING_SAID));
  });

  it('is not assumed for what the user says after the assistant has stopped', () => {
    const talk = givenTelling();
    talk.happens({ type: 'interrupt_requested' });
    talk.silence(320);
    talk.speech(320);
    talk.silence(960);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'there was a' })[0]).toBe('transcript 2 "there was a" final');
  });

  it('is recognised during the last sound of an answer that has ended', () => {
    const talk = givenTelling();
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    talk.happens({ type: 'reply_audio_ended', reply: 1 });
    talk.happens({ type: 'audio_finished', reply: 1 });
    talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: TEXT.length * 100 });
    expect(soundOver(talk, 'very big castle')).toEqual(NOTHING_SAID);
  });

  it('lets a paused assistant continue', () => {
    const talk = givenTelling({ interruptionMode: 'resumable' });
    talk.speech(240);
    talk.silence(200);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'there was a' })).toContain('paused 1 off');
    expect(talk.phase).toBe('AI_SPEAKING');
  });
});

const VISIT =
  'Your visit to the dentist is on Thursday at five in the afternoon, at the clinic on Church Street, on the second floor. Do you need a ride?';
const VISIT_CHARACTER_MS = 75;

/** Reply 1 is about an appointment. 4.3 s of it have been played: "... on Thursday at five in the". */
function givenTellingOfVisit(policy: Partial<TurnPolicy> = {}, text = VISIT, playedMs = 4_300): ConversationScript {
  const talk = givenThinking(policy);
  const durationMs = text.length * VISIT_CHARACTER_MS;
  talk.happens({ type: 'reply_text_produced', reply: 1, text });
  talk.happens({ type: 'reply_text_ended', reply: 1 });
  talk.happens({
    type: 'reply_audio_produced',
    reply: 1,
    audio: new Int16Array(1),
    durationMs,
    alignment: alignment(text, VISIT_CHARACTER_MS),
  });
  talk.happens({ type: 'reply_audio_ended', reply: 1 });
  talk.happens({ type: 'audio_sent', reply: 1, durationMs });
  talk.happens({ type: 'audio_finished', reply: 1 });
  talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs });
  return talk;
}

/** The user speaks for this long, and the recogniser transcribes it as `text`. */
function says(talk: ConversationScript, text: string, speechMs = 800): string[] {
  talk.speech(speechMs);
  talk.silence(960);
  return talk.happens({ type: 'transcript_finished', utterance: 2, text });
}

describe('a user who repeats what the assistant has just said', () => {
  it.each([
    'Thursday at five?',
    'Thursday at five',
    'At five in the afternoon?',
    'at five in the afternoon',
    'Thursday?',
    'Thursday',
    'five',
    'not Thursday at five',
    'Thursday at nine',
    'on Thursday then',
  ])('is answered: %j', (text) => {
    const effects = says(givenTellingOfVisit(), text);
    expect(effects).toEqual([`transcript 2 "${text}" final`, 'start_reply 2']);
  });

  it.each(['at five?', 'in the?', 'not in the', 'in the end', 'the in five', 'dentist is on', 'on Thursday at'])(
    'is answered even if the words take no longer than an echo would: %j',
    (text) => {
      expect(says(givenTellingOfVisit(), text, 320)).toContain(`transcript 2 "${text}" final`);
    },
  );

  it.each([
    ['गुरुवार को पाँच बजे', 'आपकी मुलाकात गुरुवार को पाँच बजे है, चर्च स्ट्रीट के क्लिनिक में।'],
    ['el jueves a las cinco', 'Su visita al dentista es el jueves a las cinco de la tarde, en la calle de la Iglesia.'],
    ['¿El jueves a las cinco?', 'Su visita al dentista es el jueves a las cinco de la tarde, en la calle de la Iglesia.'],
    ['வியாழக்கிழமை ஐந்து மணிக்கு', 'உங்கள் சந்திப்பு வியாழக்கிழமை ஐந்து மணிக்கு, சர்ச் தெருவில் உள்ள கிளினிக்கில்.'],
  ])('is answered in other languages: %j', (text, reply) => {
    const playedMs = (reply.indexOf(text.replace(/[¿?]/gu, '').slice(-8)) + 12) * VISIT_CHARACTER_MS;
    expect(says(givenTellingOfVisit({}, reply, playedMs), text)).toContain(`transcript 2 "${text}" final`);
  });

  it.each([288, 640])('is answered shortly after the end of the reply: %i ms', (speechMs) => {
    for (const text of ['second floor', 'on the second floor', 'need a ride', 'a ride?']) {
      const talk = givenTellingOfVisit();
      talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: VISIT.length * VISIT_CHARACTER_MS });
      talk.silence(96);
      expect(says(talk, text, speechMs)).toContain(`transcript 2 "${text}" final`);
    }
  });

  it('is answered when nothing is playing because all sent audio was heard and more is still being made', () => {
    const talk = givenThinking();
    const text = 'It is on Thursday at five. ';
    talk.happens({ type: 'reply_text_produced', reply: 1, text });
    talk.happens({ type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs: 2_700, alignment: alignment(text) });
    talk.happens({ type: 'audio_sent', reply: 1, durationMs: 2_700 });
    talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 2_700 });
    talk.silence(960);
    expect(says(talk, 'Thursday at five', 320)).toContain('transcript 2 "Thursday at five" final');
  });

  it('is answered when nothing has been played yet', () => {
    const talk = givenTellingOfVisit({}, VISIT, 0);
    expect(says(talk, 'your visit', 320)).toContain('transcript 2 "your visit" final');
    const unreported = givenThinking();
    unreported.happens({ type: 'reply_text_produced', reply: 1, text: 'Thursday at five. ' });
    unreported.happens({ type: 'reply_audio_produced', reply: 1, audio: new Int16Array(1), durationMs: 1_800 });
    unreported.happens({ type: 'audio_sent', reply: 1, durationMs: 1_800 });
    expect(says(unreported, 'Thursday at', 240)).toContain('transcript 2 "Thursday at" final');
  });

  it('is answered when the client has stopped playing', () => {
    const talk = givenTellingOfVisit();
    talk.silence(1_600);
    expect(says(talk, 'five in the afternoon', 320)).toContain('transcript 2 "five in the afternoon" final');
  });

  it('gets a draft', () => {
    const talk = givenTellingOfVisit({ draftAfterSilenceMs: 200, maxEarlyDrafts: 3 });
    talk.speech(800);
    talk.happens({ type: 'transcript_changed', utterance: 2, text: 'Thursday at five' });
    expect(talk.silence(320)).toContain('start_reply 2');
  });

  it.each([320, 560, 800, 1_200])('interrupts a paused assistant and is answered: %i ms', (speechMs) => {
    const talk = givenTellingOfVisit({ interruptionMode: 'resumable' });
    const effects = talk.during(() => {
      talk.speech(speechMs);
      talk.silence(200);
      talk.happens({ type: 'transcript_finished', utterance: 2, text: 'Thursday at five' });
      talk.silence(960);
    });
    expect(effects).toEqual(expect.arrayContaining(['interrupted 1 speech', 'transcript 2 "Thursday at five" final', 'start_reply 2']));
  });

  it('interrupts a paused assistant through partial transcripts while still speaking', () => {
    const talk = givenTellingOfVisit({ interruptionMode: 'resumable' });
    const effects = talk.during(() => {
      talk.speech(320);
      talk.happens({ type: 'transcript_changed', utterance: 2, text: 'five in' });
      talk.speech(640);
      talk.happens({ type: 'transcript_changed', utterance: 2, text: 'five in the' });
      talk.silence(960);
      talk.happens({ type: 'transcript_finished', utterance: 2, text: 'five in the' });
    });
    expect(effects).toEqual(expect.arrayContaining(['interrupted 1 speech', 'transcript 2 "five in the" final', 'start_reply 2']));
  });

  it('is answered when typing the words', () => {
    const talk = givenTellingOfVisit();
    expect(talk.happens({ type: 'text_received', text: 'five in the' })).toContain('start_reply 2');
  });
});

describe('the assistant’s own voice', () => {
  it.each(['five in the', 'Five in the.', 'at five in the', 'in the', 'at fives in the', 'at five the'])(
    'is not answered when the microphone picks it up: %j',
    (text) => {
      expect(says(givenTellingOfVisit(), text, 320)).toEqual(NOTHING_SAID);
    },
  );

  it('is not answered when it arrives late by a network round trip', () => {
    const talk = givenTellingOfVisit();
    talk.silence(192);
    expect(says(talk, 'in the afternoon', 384)).toEqual(NOTHING_SAID);
  });

  it('is not answered when the assistant has asked a question and the echo repeats it', () => {
    const talk = givenTellingOfVisit();
    talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: VISIT.length * VISIT_CHARACTER_MS });
    expect(says(talk, 'need a ride?', 320)).toEqual(NOTHING_SAID);
  });
});
