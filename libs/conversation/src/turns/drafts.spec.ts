import { givenDraft, givenTurnEnded, givenUserSpeaking } from '../testing/given';
import type { TurnState } from './turn-state';

const audio = new Int16Array(1);
const POLICY = { draftAfterSilenceMs: 200 };

/** The draft as if it had been made for other words: no event can do that, and the commit checks it all the same. */
function withDraftOf(state: TurnState, userText: string): TurnState {
  return state.phase === 'USER_SPEAKING' && state.draft ? { ...state, draft: { ...state.draft, userText } } : state;
}

describe('a draft', () => {
  it('is asked for when the words of a pause are there', () => {
    const talk = givenUserSpeaking(POLICY);
    expect(talk.silence(199)).toEqual([]);
    expect(talk.silence(1)).toEqual(['finish_utterance 1']);
    expect(talk.silence(100)).toEqual([]);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time is it' })).toEqual(['start_reply 1']);
  });

  it('is begun with the last partial, while the recogniser finalises', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(199);
    expect(talk.silence(1)).toEqual(['finish_utterance 1', 'start_reply 1']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'What time is it?' })).toEqual([]);
    expect(talk.state).toMatchObject({ draft: { id: 1, userText: 'what time is it' } });
  });

  it('of a partial is started again when the final says something else', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'tell me a job' });
    talk.silence(200);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'Tell me a joke.' })).toEqual([
      'cancel_reply 1',
      'start_reply 2',
    ]);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Which job?' })).toEqual([]);
  });

  it('of a partial is dropped when nothing was understood in the end', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'huh' });
    talk.silence(200);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: '' })).toEqual(['cancel_reply 1']);
    expect(talk.state).toMatchObject({ draft: undefined });
  });

  it('of a partial stays unconfirmed beyond the end of the turn, until the final is there', () => {
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

  it('of a partial is never heard when the final, after the end of the turn, says something else', () => {
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

  it('of a partial goes with the recogniser that fails after the end of the turn', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(900);
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    const effects = talk.happens({ type: 'transcription_failed', utterance: 1, reason: 'timeout' });
    expect(effects).toEqual(expect.arrayContaining(['cancel_reply 1']));
    expect(effects.join(' ')).toContain('Sorry, I could not hear that');
    expect(effects.join(' ')).not.toContain('noon');
  });

  it('of a partial that fails leaves the final to be answered', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.happens({ type: 'transcript_changed', utterance: 1, text: 'what time is it' });
    talk.silence(900);
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'unavailable' })).toEqual(['cancel_reply 1']);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'What time is it?' })).toEqual([
      'transcript 1 "What time is it?" final',
      'start_reply 2',
    ]);
  });

  it('is prepared in silence: nothing is told, and its audio is held', () => {
    const talk = givenDraft();
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' })).toEqual(['speak 1 "It is noon."']);
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 })).toEqual([]);
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual(['finish_speech 1']);
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 700 })).toEqual([]);
    expect(talk.happens({ type: 'reply_audio_ended', reply: 1 })).toEqual([]);
    expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', memory: [] });
  });

  it('goes out at once, whole, when the turn ends', () => {
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

  it('that is still being written goes on after the commit', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    expect(talk.silence(676)).toContain('reply_text 1 "It is noon. "');
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 })).toEqual(['send_audio 1 500']);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Eat.' })).toEqual(['reply_text 1 "Eat."']);
  });

  it('without a word yet is waited for in AI_PROCESSING', () => {
    const talk = givenDraft();
    talk.silence(676);
    expect(talk.phase).toBe('AI_PROCESSING');
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Noon' })).toEqual([
      'state AI_SPEAKING 1',
      'expect_echo on',
      'reply_text 1 "Noon"',
    ]);
  });

  it('for text only is given whole when the turn ends', () => {
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
  it('by speech, and every result of it is dropped; the next pause drafts anew with all words', () => {
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

  it('not by a single stray window', () => {
    const talk = givenDraft();
    talk.silence(96);
    expect(talk.strayWindow()).toEqual([]);
    talk.silence(640);
    expect(talk.state).toMatchObject({ phase: 'AI_PROCESSING', reply: { id: 1 } });
  });

  it('by a typed turn', () => {
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

  it('by its own failure, which nobody is told: the turn end asks again', () => {
    const talk = givenDraft();
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' })).toEqual(['cancel_reply 1']);
    expect(talk.silence(676)).toEqual(expect.arrayContaining(['state AI_PROCESSING 1', 'start_reply 2']));
    expect(talk.state).toMatchObject({ reply: { speculative: false } });
  });

  it('by an end without a word', () => {
    const talk = givenDraft();
    expect(talk.happens({ type: 'reply_text_ended', reply: 1 })).toEqual(['cancel_reply 1']);
    expect(talk.silence(676)).toContain('start_reply 2');
  });

  it.each([
    ['not for other punctuation, case or spaces', 'What  time is it?', { id: 1 }],
    ['for other words', 'what time', { id: 2, speculative: false }],
  ])('%s at the commit', (_, drafted, reply) => {
    const talk = givenDraft();
    talk.state = withDraftOf(talk.state, drafted);
    expect(talk.silence(676)).toContain('transcript 1 "what time is it" final');
    expect(talk.state).toMatchObject({ phase: 'AI_PROCESSING', reply });
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Noon' })).toHaveLength(reply.id === 1 ? 3 : 0);
  });
});

describe('no draft is made', () => {
  it('where the policy has none', () => {
    const talk = givenUserSpeaking();
    talk.silence(640);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what' })).toEqual([]);
  });

  it('of words that the recogniser ends while the user is still speaking', () => {
    expect(givenUserSpeaking(POLICY).happens({ type: 'transcript_finished', utterance: 1, text: 'what' })).toEqual([]);
  });

  it('of no words, or of a failed transcript', () => {
    const silent = givenUserSpeaking(POLICY);
    silent.silence(220);
    expect(silent.happens({ type: 'transcript_finished', utterance: 1, text: ' ' })).toEqual([]);

    const failed = givenUserSpeaking(POLICY);
    failed.silence(220);
    expect(failed.happens({ type: 'transcription_failed', utterance: 1, reason: 'timeout' })).toEqual([]);
  });

  it('while another part of the turn is on its way', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.silence(224);
    talk.silence(96);
    talk.speech(320);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual([]);
    talk.silence(220);
    expect(talk.happens({ type: 'transcript_finished', utterance: 2, text: 'is it' })).toEqual(['start_reply 1']);
  });

  it('of words carried over', () => {
    const talk = givenTurnEnded(POLICY);
    talk.speech(240);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual([]);
  });
});
