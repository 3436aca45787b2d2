import { type ConversationScript } from '../testing/conversation-script';
import { givenDraft, givenPlayingOut, givenSpeaking, givenThinking, givenTurnEnded, givenUserSpeaking } from '../testing/given';

const audio = new Int16Array(1);
const STT = 'Sorry, I could not hear that. Please say it again.';
const LLM = 'Sorry, I could not think of an answer just now. Please ask me again.';
const TTS = 'Sorry, I lost my voice for a moment. Please ask me again.';

/** The prepared sentence is played to its end. */
function fallbackIsPlayed(talk: ConversationScript, reply: number): string[] {
  talk.happens({ type: 'reply_audio_produced', reply, audio, durationMs: 1_000 });
  talk.happens({ type: 'audio_sent', reply, durationMs: 1_000 });
  talk.happens({ type: 'reply_audio_ended', reply });
  talk.happens({ type: 'audio_finished', reply });
  return talk.wait(5_000);
}

describe('a failing stage', () => {
  it('of transcription is reported, a prepared sentence is heard, and the conversation continues', () => {
    const talk = givenTurnEnded();
    expect(talk.happens({ type: 'transcription_failed', utterance: 1, reason: 'connection_lost' })).toEqual([
      'failed 1 stt connection_lost',
      'speak_fallback 1 stt',
      'set_timer stalled 15000',
      'state AI_SPEAKING 1',
      'expect_echo on',
      `reply_text 1 "${STT}" final "${STT}"`,
    ]);
    expect(fallbackIsPlayed(talk, 1).at(-1)).toBe('state USER_SPEAKING 2');
    expect(talk.state).toMatchObject({ memory: [] });
  });

  it('of transcription on the last part of a turn leaves the turn without a final transcript, so that none is measured', () => {
    const talk = givenDraft();
    talk.speech(640);
    talk.silence(960);
    talk.happens({ type: 'transcription_failed', utterance: 2, reason: 'timeout' });
    expect(talk.phase).toBe('AI_SPEAKING');
    talk.happens({ type: 'interrupt_requested' });
    const measured = talk.effects.flatMap(({ effect }) =>
      effect.type === 'notify' && effect.notification.type === 'turn_measured' ? [effect.notification.marks] : [],
    );
    expect(measured).toEqual([{ speech_end: 0, turn_end: expect.any(Number) }]);
  });

  it('of the model before its first word is reported, and the prepared sentence replaces the answer', () => {
    const talk = givenThinking();
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'rate_limited' })).toEqual([
      'cancel_reply 1',
      'failed 1 llm rate_limited',
      'speak_fallback 2 llm',
      'set_timer stalled 15000',
      'state AI_SPEAKING 1',
      'expect_echo on',
      `reply_text 1 "${LLM}" final "${LLM}"`,
    ]);
    expect(fallbackIsPlayed(talk, 2).at(-1)).toBe('state USER_SPEAKING 2');
    expect(talk.state).toMatchObject({ memory: [{ role: 'user', content: 'what time is it' }] });
  });

  describe('of the model that rejects a request', () => {
    const refuse = (talk: ConversationScript, reply: number): void => {
      talk.happens({ type: 'reply_failed', reply, stage: 'llm', reason: 'invalid_request' });
      fallbackIsPlayed(talk, reply + 1);
    };
    /** Types a message; returns the number of its reply and the messages that the model is given. */
    const type = (talk: ConversationScript, text: string): { reply: number; asked: string[] } => {
      const before = talk.effects.length;
      talk.happens({ type: 'text_received', text });
      const started = talk.effects.slice(before).flatMap(({ effect }) => (effect.type === 'start_reply' ? [effect] : []));
      const asked = started.flatMap(({ messages }) => messages.flatMap(({ role, content }) => (role === 'system' ? [] : [content])));
      return { reply: started[0]?.reply ?? 0, asked };
    };
    const answer = (talk: ConversationScript, reply: number, text: string): void => {
      talk.happens({ type: 'reply_text_produced', reply, text });
      talk.happens({ type: 'reply_text_ended', reply });
    };

    it('is not sent the rejected words again in later turns', () => {
      const talk = givenThinking();
      refuse(talk, 1);
      expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', memory: [] });
      expect(type(talk, 'And now?').asked).toEqual(['And now?']);
    });

    it('is not sent them again when it had already produced some words', () => {
      const talk = givenSpeaking();
      refuse(talk, 1);
      expect(talk.state).toMatchObject({ memory: [] });
    });

    it('keeps what was said before the rejected words', () => {
      const talk = givenThinking({ speech: false });
      answer(talk, 1, 'It is noon.');
      const { reply } = type(talk, 'Something terrible');
      refuse(talk, reply);
      expect(type(talk, 'And now?').asked).toEqual(['what time is it', 'It is noon.', 'And now?']);
    });

    it('is sent nothing from before when it rejects two requests in a row', () => {
      const talk = givenThinking({ speech: false });
      answer(talk, 1, 'It is noon, you fool.');
      refuse(talk, type(talk, 'And now?').reply);
      refuse(talk, type(talk, 'And then?').reply);
      expect(type(talk, 'Hello?').asked).toEqual(['Hello?']);
    });

    it('keeps what was said before the rejected words when an answer came between two rejections', () => {
      const talk = givenThinking({ speech: false });
      refuse(talk, 1);
      answer(talk, type(talk, 'And now?').reply, 'It is noon.');
      refuse(talk, type(talk, 'Something terrible').reply);
      expect(type(talk, 'Hello?').asked).toEqual(['And now?', 'It is noon.', 'Hello?']);
    });

    it('for a draft is asked once more at the end of the turn, and then not again', () => {
      const talk = givenDraft();
      talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'invalid_request' });
      talk.silence(900);
      expect(talk.state).toMatchObject({ phase: 'AI_PROCESSING', memory: [{ content: 'what time is it' }] });
      refuse(talk, 2);
      expect(talk.state).toMatchObject({ memory: [] });
    });
  });

  it('of the model in the middle of an answer cancels the answer and adds the prepared sentence', () => {
    expect(givenSpeaking().happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' })).toEqual([
      'cancel_reply 1',
      'failed 1 llm timeout',
      'speak_fallback 2 llm',
      'set_timer stalled 15000',
      `reply_text 1 "${LLM}" final "It is noon. ${LLM}"`,
    ]);
  });

  it.each(['Noon.', 'Noon. ', 'Noon.\n\n'])(
    'of the model leaves the text before it (%j), and the prepared sentence is appended',
    (text) => {
      const talk = givenThinking();
      talk.happens({ type: 'reply_text_produced', reply: 1, text });
      talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' });
      const told = talk.effects.flatMap(({ effect }) =>
        effect.type === 'notify' && effect.notification.type === 'reply_text' ? [effect.notification] : [],
      );
      expect(told.map((notification) => notification.text).join('')).toBe(told.at(-1)?.final?.fullText);
      expect(told.at(-1)?.final?.fullText).toMatch(/^Noon\.\s+Sorry/u);
    },
  );

  it('of the voice cancels the whole answer', () => {
    const talk = givenSpeaking();
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'tts', reason: 'quota' })).toEqual([
      'cancel_reply 1',
      'failed 1 tts quota',
      'speak_fallback 2 tts',
      'set_timer stalled 15000',
      `reply_text 1 "${TTS}" final "It is noon. ${TTS}"`,
    ]);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'late' })).toEqual([]);
    expect(fallbackIsPlayed(talk, 2).at(-1)).toBe('state USER_SPEAKING 2');
    expect(talk.state).toMatchObject({ memory: [{ role: 'user' }] });
  });

  it('keeps the turn open until the audio sent before and the prepared sentence were played', () => {
    const talk = givenSpeaking();
    talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' });
    talk.happens({ type: 'reply_audio_produced', reply: 2, audio, durationMs: 500 });
    talk.happens({ type: 'audio_sent', reply: 2, durationMs: 500 });
    talk.happens({ type: 'reply_audio_ended', reply: 2 });
    expect(talk.happens({ type: 'audio_finished', reply: 2 })).toContain('set_timer playback_overdue 1800');
  });

  it('is reported in text only when there is no voice', () => {
    const talk = givenThinking({ speech: false });
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'auth' })).toEqual([
      'cancel_reply 1',
      'failed 1 llm auth',
      'set_timer stalled 15000',
      'state AI_SPEAKING 1',
      'expect_echo on',
      `reply_text 1 "${LLM}" final "${LLM}"`,
      'clear_timer stalled',
      'expect_echo off',
      'measured 1',
      'state USER_SPEAKING 2',
    ]);
  });
});

describe('a stage that produces nothing', () => {
  it('counts as failed when it is a model that ends without a word', () => {
    const talk = givenThinking();
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toContain('failed 1 llm bad_response');
  });

  it('counts as failed when it is a model that produces only white space', () => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: '\n\n' });
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual(
      expect.arrayContaining(['failed 1 llm bad_response', `reply_text 1 "${LLM}" final "${LLM}"`]),
    );
  });

  it('counts as failed when it is a voice that ends without a sound', () => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Noon.' });
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    expect(talk.happens({ type: 'reply_audio_ended', reply: 1 })).toEqual(
      expect.arrayContaining(['cancel_reply 1', 'failed 1 tts bad_response', 'speak_fallback 2 tts']),
    );
  });

  it('counts as failed when it is a voice that ends before the text does', () => {
    expect(givenSpeaking().happens({ type: 'reply_audio_ended', reply: 1 })).toContain('failed 1 tts bad_response');
  });
});

describe('the prepared sentence', () => {
  it.each([
    ['fails', { type: 'reply_failed', reply: 2, stage: 'tts', reason: 'unavailable' } as const],
    ['ends without a sound', { type: 'reply_audio_ended', reply: 2 } as const],
  ])('leaves its text and reports nothing more when it %s', (_, happening) => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' });
    expect(talk.happens(happening)).toEqual([
      'cancel_reply 2',
      'clear_timer stalled',
      'expect_echo off',
      'measured 1',
      'state USER_SPEAKING 2',
    ]);
  });

  it('can be interrupted', () => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' });
    expect(talk.speech(240).slice(0, 5)).toEqual([
      'cancel_reply 2',
      'clear_timer stalled',
      'expect_echo off',
      'reply_text 1 "" final "Sorry, I could not think of an answer just now. Please ask me again." heard ""',
      'interrupted 1 speech',
    ]);
  });
});

describe('a failing recogniser', () => {
  it('is not opened again and again while the user speaks, and is reported at the end of the turn', () => {
    const talk = givenUserSpeaking();
    expect(talk.happens({ type: 'transcription_failed', utterance: 1, reason: 'unavailable' })).toEqual([]);
    expect(talk.speech(3_200)).toEqual([]);
    expect(talk.silence(900)).toEqual([
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'failed 1 stt unavailable',
      'speak_fallback 1 stt',
      'set_timer stalled 15000',
      'state AI_SPEAKING 1',
      'expect_echo on',
      `reply_text 1 "${STT}" final "${STT}"`,
    ]);
  });

  it('fails the whole turn when it fails on one part of it', () => {
    const talk = givenUserSpeaking();
    talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' });
    talk.speech(320);
    talk.silence(960);
    expect(talk.happens({ type: 'transcription_failed', utterance: 2, reason: 'timeout' })).toContain('failed 1 stt timeout');
  });

  it('is tried again in the next turn', () => {
    const talk = givenTurnEnded();
    talk.happens({ type: 'transcription_failed', utterance: 1, reason: 'timeout' });
    expect(talk.speech(240)).toContain('open_utterance 2 from 2160');
  });
});

describe('a failure after all audio has arrived', () => {
  it('does not cancel the answer', () => {
    expect(givenPlayingOut().happens({ type: 'reply_failed', reply: 1, stage: 'tts', reason: 'connection_lost' })).toEqual([]);
  });
});
