import { givenDraft, givenTurnEnded, givenUserSpeaking } from '../testing/given';
import type { TurnState } from './turn-state';

const audio = new Int16Array(1);
const POLICY = { draftAfterSilenceMs: 200 };

/** Pretends that the draft was made for other words. No event can cause that, but the commit checks for it all the same. */
function withDraftOf(state: TurnState, userText: string): TurnState {
  return state.phase === 'USER_SPEAKING' && state.draft ? { ...state, draft: { ...state.draft, userText } } : state;
}

describe('a draft', () => {
  it('is requested when the words before a pause are known', () => {
    const talk = givenUserSpeaking(POLICY);
    expect(talk.silence(199)).toEqual([]);
    expect(talk.silence(1)).toEqual(['finish_utterance 1']);
    expect(talk.silence(100)).toEqual([]);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time is it' })).toEqual(['start_reply 1']);
  });

  it('is started from the last partial transcript while the recogniser finalises', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(199);
    expect(talk.silence(1)).toEqual(['finish_utterance 1', 'start_reply 1']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'What time is it?' })).toEqual([]);
    expect(talk.state).toMatchObject({ draft: { id: 1, userText: 'what time is it' } });
  });

  it('is marked as a draft in its request, and the reply to the confirmed words is not', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'tell me a job' });
    talk.silence(900);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'Tell me a joke.' })).toContain('start_reply 2');
    const started = talk.effects.flatMap(({ effect }) => (effect.type === 'start_reply' ? [effect] : []));
    expect(started.map(({ reply, speculative }) => [reply, speculative])).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  it('of a partial transcript is started again when the final transcript differs', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'tell me a job' });
    talk.silence(200);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'Tell me a joke.' })).toEqual([
      'cancel_reply 1',
      'start_reply 2',
    ]);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Which job?' })).toEqual([]);
  });

  it('of a partial transcript is dropped when the final transcript has no words', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'huh' });
    talk.silence(200);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: '' })).toEqual(['cancel_reply 1']);
    expect(talk.state).toMatchObject({ draft: undefined });
  });

  it('of a partial transcript stays unconfirmed after the end of the turn until the final transcript arrives', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(900);
    expect(talk.phase).toBe('AI_PROCESSING');
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' })).toEqual(['speak 1 "It is noon."']);
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 })).toEqual([]);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'What time is it?' })).toEqual([
      'transcript 1 "What time is it?" final',
      'state AI_SPEAKING 1',
      'expect_echo on',
      'reply_text 1 "It is noon. "',
      'send_audio 1 500',
    ]);
  });

  it('of a partial transcript is never heard when a final transcript after the end of the turn differs', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'tell me a job' });
    talk.silence(900);
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Which job? ' });
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'Tell me a joke.' })).toEqual([
      'transcript 1 "Tell me a joke." final',
      'cancel_reply 1',
      'start_reply 2',
    ]);
  });

  it('of a partial transcript is dropped when the recogniser fails after the end of the turn', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(900);
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    const effects = talk.happens({ type: 'transcription_failed', utterance: 1, reason: 'timeout' });
    expect(effects).toEqual(expect.arrayContaining(['cancel_reply 1']));
    expect(effects.join(' ')).toContain('Sorry, I could not hear that');
    expect(effects.join(' ')).not.toContain('noon');
  });

  it('of a partial transcript that fails lets the final transcript be answered', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(900);
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'unavailable' })).toEqual(['cancel_reply 1']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'What time is it?' })).toEqual([
      'transcript 1 "What time is it?" final',
      'start_reply 2',
    ]);
  });

  it('tells the client nothing while it is prepared, and its audio is held back', () => {
    const talk = givenDraft();
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' })).toEqual(['speak 1 "It is noon."']);
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 })).toEqual([]);
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual(['finish_speech 1']);
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 700 })).toEqual([]);
    expect(talk.happens({ type: 'reply_audio_ended', reply: 1 })).toEqual([]);
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', memory: [] });
  });

  it('is sent at once and whole when the turn ends', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon.' });
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 });
    talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 700 });
    talk.happens({ type: 'reply_audio_ended', reply: 1 });
    expect(talk.silence(676)).toEqual([
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'transcript 1 "what time is it" final',
      'state AI_SPEAKING 1',
      'expect_echo on',
      'reply_text 1 "It is noon." final "It is noon."',
      'send_audio 1 500',
      'send_audio 1 700',
      'finish_audio 1',
    ]);
    expect(talk.state).toMatchObject({ memory: [{ role: 'user', content: 'what time is it' }], reply: { held: [] } });
  });

  it('that is still being written continues after the commit', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    expect(talk.silence(676)).toContain('reply_text 1 "It is noon. "');
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 })).toEqual(['send_audio 1 500']);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Eat.' })).toEqual(['reply_text 1 "Eat."']);
  });

  it('that has no words yet is awaited in the AI_PROCESSING phase', () => {
    const talk = givenDraft();
    talk.silence(676);
    expect(talk.phase).toBe('AI_PROCESSING');
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Noon' })).toEqual([
      'state AI_SPEAKING 1',
      'expect_echo on',
      'reply_text 1 "Noon"',
    ]);
  });

  it('of a conversation in text is sent whole when the turn ends', () => {
    const talk = givenDraft({ speech: false });
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Noon.' });
    talk.happens({ type: 'reply_text_ended', reply: 1 });
    expect(talk.silence(676).slice(-6)).toEqual([
      'expect_echo on',
      'reply_text 1 "Noon." final "Noon."',
      'clear_timer stalled',
      'expect_echo off',
      'measured 1',
      'state USER_SPEAKING 2',
    ]);
  });
});

describe('a draft is cancelled', () => {
  it('by more speech, its later results are ignored, and the next pause drafts all words anew', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 });
    talk.silence(96);
    expect(talk.speech(80)).toEqual(['cancel_reply 1', 'open_utterance 2 from 1600']);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Late.' })).toEqual([]);
    expect(talk.happens({ type: 'reply_audio_ended', reply: 1 })).toEqual([]);
    talk.speech(240);
    expect(talk.silence(220)).toEqual(['finish_utterance 2']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'in Delhi' })).toEqual(['start_reply 2']);
    expect(talk.state).toMatchObject({ draft: { id: 2, userText: 'what time is it in Delhi', held: [] } });
    expect(talk.silence(700)).toEqual(expect.arrayContaining(['transcript 1 "what time is it in Delhi" final']));
    expect(talk.effects.filter(({ effect }) => effect.type === 'send_audio')).toEqual([]);
  });

  it('but not by a single stray speech window', () => {
    const talk = givenDraft();
    talk.silence(96);
    expect(talk.strayWindow()).toEqual([]);
    talk.silence(640);
    expect(talk.state).toMatchObject({ phase: 'AI_PROCESSING', reply: { id: 1 } });
  });

  it('by a typed message', () => {
    expect(givenDraft().happens({ type: 'text_received', text: 'hello' })).toEqual([
      'cancel_reply 1',
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'transcript 1 "what time is it hello" final',
      'start_reply 2',
    ]);
  });

  it('by the end of the conversation', () => {
    const effects = givenDraft().happens({ type: 'conversation_ended', reason: 'client' });
    expect(effects.filter((effect) => effect === 'cancel_reply 1')).toHaveLength(1);
    expect(effects.at(-1)).toBe('end_session client');
  });

  it('by its own failure, which is not reported, and the end of the turn asks again', () => {
    const talk = givenDraft();
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' })).toEqual(['cancel_reply 1']);
    expect(talk.silence(676)).toEqual(expect.arrayContaining(['state AI_PROCESSING 1', 'start_reply 2']));
    expect(talk.state).toMatchObject({ reply: { speculative: false } });
  });

  it('by ending without a word', () => {
    const talk = givenDraft();
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual(['cancel_reply 1']);
    expect(talk.silence(676)).toContain('start_reply 2');
  });

  it.each([
    ['unless only punctuation, case or spaces differ', 'What  time is it?', { id: 1 }],
    ['when the words differ', 'what time', { id: 2, speculative: false }],
  ])('at the end of the turn %s', (_, drafted, reply) => {
    const talk = givenDraft();
    talk.state = withDraftOf(talk.state, drafted);
    expect(talk.silence(676)).toContain('transcript 1 "what time is it" final');
    expect(talk.state).toMatchObject({ phase: 'AI_PROCESSING', reply });
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Noon' })).toHaveLength(reply.id === 1 ? 3 : 0);
  });
});

describe('no draft is made', () => {
  it('under a policy without drafts', () => {
    const talk = givenUserSpeaking();
    talk.silence(640);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what' })).toEqual([]);
  });

  it('of words whose transcript is finished while the user is still speaking', () => {
    expect(givenUserSpeaking(POLICY).happens({ type: 'transcript_finished', utterance: 1, text: 'what' })).toEqual([]);
  });

  it('of a transcript that is empty or has failed', () => {
    const silent = givenUserSpeaking(POLICY);
    silent.silence(220);
    expect(silent.happens({ type: 'transcript_finished', utterance: 1, text: ' ' })).toEqual([]);

    const failed = givenUserSpeaking(POLICY);
    failed.silence(220);
    expect(failed.happens({ type: 'transcription_failed', utterance: 1, reason: 'timeout' })).toEqual([]);
  });

  it('while the transcript of another part of the turn is pending', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.silence(224);
    talk.silence(96);
    talk.speech(320);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual([]);
    talk.silence(220);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'is it' })).toEqual(['start_reply 1']);
  });

  it('of words that were carried over from the turn before', () => {
    const talk = givenTurnEnded(POLICY);
    talk.speech(240);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual([]);
  });
});
