import type { ConversationScript } from '../testing/conversation-script';
import { givenDraft, givenListening, givenSpeaking, givenThinking, givenTurnEnded, givenUserSpeaking } from '../testing/given';
import type { ChatMessage } from '../memory/memory';

const types = (talk: ConversationScript, text: string): string[] => talk.happens({ type: 'text_received', text });
const finalises = (talk: ConversationScript, text: string, utterance = 1): string[] =>
  talk.happens({ type: 'transcript_finished', utterance, text });
const fails = (talk: ConversationScript, utterance = 1): string[] =>
  talk.happens({ type: 'transcription_failed', utterance, reason: 'timeout' });

/** The messages of the latest request to the model. */
function asked(talk: ConversationScript): readonly ChatMessage[] {
  const last = talk.effects.findLast(({ effect }) => effect.type === 'start_reply');
  return last?.effect.type === 'start_reply' ? last.effect.messages : [];
}

const userWords = (talk: ConversationScript): string[] => asked(talk).flatMap(({ role, content }) => (role === 'user' ? content : []));

describe('words typed while the final transcript is pending', () => {
  it('are answered together with the spoken words', () => {
    const talk = givenTurnEnded();
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time' });
    talk.wait(60);
    const effects = types(talk, 'in Pune');
    expect(effects).toEqual([
      'clear_timer stalled',
      'set_timer audio_gap 5000',
      'interrupted 1 text',
      'state USER_SPEAKING 2',
      'clear_timer audio_gap',
      'state AI_PROCESSING 2',
      'set_timer stalled 15000',
      'transcript 2 "what time in Pune"',
    ]);
    talk.wait(1_500);
    expect(finalises(talk, 'What time is it?')).toEqual(['transcript 2 "What time is it? in Pune" final', 'start_reply 1']);
    expect(userWords(talk)).toEqual(['What time is it? in Pune']);
    expect(talk.state).toMatchObject({ memory: [{ role: 'user', content: 'What time is it? in Pune' }], reply: { speculative: false } });
  });

  it('are the whole turn when nothing was understood', () => {
    const talk = givenTurnEnded();
    types(talk, 'in Pune');
    expect(finalises(talk, ' ')).toEqual(['transcript 2 "in Pune" final', 'start_reply 1']);
  });

  it.each(['?', '👍', 'it is noon'])('are answered whatever they are: %j', (text) => {
    const talk = givenTurnEnded();
    types(talk, text);
    expect(finalises(talk, '')).toEqual([`transcript 2 "${text}" final`, 'start_reply 1']);
  });

  it('are answered with the words recognised so far when the recogniser fails, and the client is told', () => {
    const talk = givenTurnEnded();
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is' });
    types(talk, 'in Pune');
    expect(fails(talk)).toEqual(['failed 2 stt timeout', 'transcript 2 "what time is in Pune" final', 'start_reply 1']);
  });

  it('are answered when the recogniser has failed before', () => {
    const talk = givenUserSpeaking();
    fails(talk);
    expect(types(talk, 'hello')).toEqual(expect.arrayContaining(['failed 1 stt timeout', 'transcript 1 "hello" final', 'start_reply 1']));
  });

  it('are answered when the recogniser never returns anything again', () => {
    const talk = givenTurnEnded();
    types(talk, 'in Pune');
    const effects = talk.wait(15_000);
    expect(effects).toEqual(expect.arrayContaining(['discard_utterance 1', 'transcript 2 "in Pune" final', 'start_reply 1']));
    expect(talk.runningTimers).toContain('stalled');
    expect(finalises(talk, 'late')).toEqual([]);
  });

  it('may arrive in two messages', () => {
    const talk = givenTurnEnded();
    types(talk, 'in Pune');
    types(talk, 'tomorrow');
    finalises(talk, 'what time is it');
    expect(userWords(talk)).toEqual(['what time is it in Pune tomorrow']);
    expect(types(talk, 'or today')).toContain('interrupted 3 text');
    expect(userWords(talk)).toEqual(['what time is it in Pune tomorrow', 'or today']);
  });

  it('are dropped together with the spoken words when the user presses the stop button', () => {
    const talk = givenTurnEnded();
    types(talk, 'in Pune');
    expect(talk.happens({ type: 'interrupt_requested' })).toEqual(expect.arrayContaining(['discard_utterance 1', 'interrupted 2 button']));
    expect(finalises(talk, 'what time is it')).toEqual([]);
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', userTurn: undefined, memory: [] });
  });

  it.each(['before the final', 'after it'])('are joined by what the user says afterwards, %s', (when) => {
    const talk = givenTurnEnded();
    types(talk, 'in Pune');
    if (when === 'after it') finalises(talk, 'what time is it');
    talk.speech(320);
    if (when === 'before the final') finalises(talk, 'what time is it');
    talk.silence(960);
    finalises(talk, 'please', 2);
    expect(userWords(talk).join(' ')).toBe('what time is it in Pune please');
  });
});

describe('words typed while the user', () => {
  it('is speaking end the turn, and are answered with what was said', () => {
    const talk = givenUserSpeaking();
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time' });
    expect(types(talk, 'in Pune')).toEqual([
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'finish_utterance 1',
      'transcript 1 "what time in Pune"',
    ]);
    talk.silence(320);
    expect(talk.phase).toBe('AI_PROCESSING');
    finalises(talk, 'what time is it');
    expect(userWords(talk)).toEqual(['what time is it in Pune']);
  });

  it('keeps speaking are part of one turn with everything said, however little follows', () => {
    const talk = givenUserSpeaking();
    types(talk, 'in Pune');
    expect(talk.speech(96)).toEqual(expect.arrayContaining(['interrupted 1 speech', 'discard_utterance 1', 'open_utterance 2 from 560']));
    talk.silence(960);
    finalises(talk, 'what time', 1);
    finalises(talk, 'what time is it', 2);
    expect(userWords(talk)).toEqual(['what time is it in Pune']);
  });

  it('keeps speaking for a long time come after what was said before', () => {
    const talk = givenUserSpeaking({ rejoinAudioMs: 1_000 });
    types(talk, 'in Pune');
    expect(talk.speech(96)).toEqual(expect.arrayContaining(['interrupted 1 speech', 'open_utterance 2 from 1600']));
    talk.silence(960);
    finalises(talk, 'what time');
    finalises(talk, 'is it', 2);
    expect(userWords(talk)).toEqual(['what time in Pune is it']);
  });

  it('pauses end the turn', () => {
    const talk = givenUserSpeaking();
    talk.silence(320);
    types(talk, 'in Pune');
    finalises(talk, 'what time is it');
    expect(userWords(talk)).toEqual(['what time is it in Pune']);
  });

  it('pauses cancel the draft of what was said, and are answered at once together with it', () => {
    const talk = givenDraft();
    expect(types(talk, 'in Pune')).toEqual([
      'cancel_reply 1',
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'transcript 1 "what time is it in Pune" final',
      'start_reply 2',
    ]);
    expect(userWords(talk)).toEqual(['what time is it in Pune']);
  });

  it('waits for the final transcript of a draft make that draft obsolete', () => {
    const talk = givenUserSpeaking({ draftAfterSilenceMs: 200 });
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(960);
    expect(talk.state).toMatchObject({ phase: 'AI_PROCESSING', reply: { id: 1 } });
    expect(types(talk, 'in Pune')).toContain('cancel_reply 1');
    expect(finalises(talk, 'What time is it?')).toEqual(['transcript 2 "What time is it? in Pune" final', 'start_reply 2']);
  });

  it.each<[string, string[]]>([
    ['', ['hello']],
    ['[cough]', ['hello']],
    ['no', ['no hello']],
  ])('makes a sound that may not be speech are answered with its words, if it has any: %j', (text, expected) => {
    for (const silenceMs of [0, 128, 960]) {
      const talk = givenListening();
      talk.cough(96);
      talk.silence(silenceMs);
      expect(types(talk, 'hello')).toEqual(expect.arrayContaining(['state AI_PROCESSING 1']));
      talk.silence(320);
      expect(talk.phase).toBe('AI_PROCESSING');
      finalises(talk, text);
      expect(userWords(talk)).toEqual(expected);
      expect(talk.silence(960)).toEqual([]);
    }
  });

  it('makes a sound that may not be speech are answered alone, without an error, when its transcript fails or never arrives', () => {
    for (const result of ['fails', 'hangs']) {
      const talk = givenListening();
      talk.cough(96);
      types(talk, 'hello');
      const effects = result === 'fails' ? fails(talk) : talk.wait(15_000);
      expect(effects).toEqual(expect.arrayContaining(['transcript 1 "hello" final', 'start_reply 1']));
      expect(effects).not.toContain('failed 1 stt timeout');
      expect(userWords(talk)).toEqual(['hello']);
    }
  });

  it('is in the middle of a short word are answered with the whole word', () => {
    const talk = givenListening();
    talk.silence(960);
    talk.cough(96);
    types(talk, 'hello');
    talk.cough(96);
    expect(talk.silence(160)).toEqual(['discard_utterance 1', 'open_utterance 2 from 560', 'finish_utterance 2']);
    finalises(talk, 'no', 2);
    expect(userWords(talk)).toEqual(['no hello']);
  });

  it('ends a word with its last sound are answered once', () => {
    const talk = givenListening();
    talk.speech(160);
    types(talk, 'hello');
    talk.speech(32);
    expect(talk.silence(320)).toEqual([]);
    finalises(talk, 'hi');
    expect(userWords(talk)).toEqual(['hi hello']);
  });

  it('has just begun to speak are answered with everything said', () => {
    const talk = givenListening();
    talk.silence(960);
    talk.speech(160);
    types(talk, 'hello');
    expect(talk.speech(96)).toEqual(expect.arrayContaining(['interrupted 1 speech', 'open_utterance 2 from 560']));
    talk.silence(960);
    finalises(talk, 'what time is it', 2);
    expect(userWords(talk)).toEqual(['what time is it hello']);
  });
});

describe('words typed over the assistant', () => {
  describe.each(['immediate', 'resumable'] as const)('(%s) during a sound that is not yet known to be speech', (interruptionMode) => {
    it.each(['', '[cough]', 'no', 'it is noon'])(
      'are answered with the words of the sound, unless it is an echo or has none: %j',
      (text) => {
        for (const silenceMs of [0, 64, 192]) {
          const talk = givenSpeaking({ interruptionMode });
          talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 700 });
          talk.speech(128);
          talk.silence(silenceMs);
          expect(types(talk, 'and in Pune')).toContain('interrupted 1 text');
          finalises(talk, text, 2);
          expect(userWords(talk)).toEqual(['what time is it', text === 'no' ? 'no and in Pune' : 'and in Pune']);
          expect(talk.silence(960)).toEqual([]);
        }
      },
    );

    it('are answered alone when the transcript of the sound fails', () => {
      const talk = givenSpeaking({ interruptionMode });
      talk.speech(128);
      types(talk, 'and in Pune');
      expect(fails(talk, 2)).toEqual(['transcript 2 "and in Pune" final', 'start_reply 2']);
    });
  });

  it('while it is paused are answered with the words that have paused it', () => {
    const talk = givenSpeaking({ interruptionMode: 'resumable' });
    talk.speech(240);
    expect(talk.state).toMatchObject({ pendingInterruption: { pausedAtMs: expect.any(Number) } });
    const effects = types(talk, 'in Pune');
    expect(effects).toEqual(expect.arrayContaining(['clear_timer resume', 'hold_audio off', 'interrupted 1 text', 'finish_utterance 2']));
    finalises(talk, 'what about tomorrow', 2);
    expect(userWords(talk)).toEqual(['what time is it', 'what about tomorrow in Pune']);
  });

  it('while it is paused are answered alone when the microphone only picked up the assistant, or the recogniser fails', () => {
    for (const result of ['echo', 'failure', 'nothing']) {
      const talk = givenSpeaking({ interruptionMode: 'resumable' });
      talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs: 700 });
      talk.speech(240);
      types(talk, 'in Pune');
      if (result === 'failure') fails(talk, 2);
      else finalises(talk, result === 'echo' ? 'it is noon' : '', 2);
      expect(userWords(talk)).toEqual(['what time is it', 'in Pune']);
    }
  });

  it('are answered with a short word that was said before the answer began', () => {
    for (const when of ['with its transcript', 'before its transcript', 'before its own transcript'] as const) {
      const talk = when === 'before its own transcript' ? givenTurnEnded() : givenThinking();
      talk.cough(128);
      talk.silence(when === 'with its transcript' ? 64 : 160);
      types(talk, 'in Pune');
      finalises(talk, 'no', 2);
      finalises(talk, 'what time is it', 1);
      expect(userWords(talk).join(' ')).toBe('what time is it no in Pune');
    }
  });

  it('are a message of their own when the answer to the last turn has not begun', () => {
    const talk = givenThinking();
    types(talk, 'in Pune');
    expect(userWords(talk)).toEqual(['what time is it', 'in Pune']);
  });
});
