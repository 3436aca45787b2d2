import { ConversationScript } from '../testing/conversation-script';
import { givenListening, givenUserSpeaking } from '../testing/given';
import { FIRST_AUDIO_MS, FIRST_TOKEN_MS, SimulatedWorld } from '../testing/simulated-world';
import type { TurnPolicy } from './turn-policy';

const audio = new Int16Array(1);
const POLICY: Partial<TurnPolicy> = { draftAfterSilenceMs: 200, maxEarlyDrafts: 3 };

const hears = (talk: ConversationScript, text: string, utterance = 1): string[] =>
  talk.happens({ type: 'transcript_changed', utterance, text });

/** A draft of "what time is it" that was begun before the utterance was finished. */
function givenEarlyDraft(policy: Partial<TurnPolicy> = {}): ConversationScript {
  const talk = givenUserSpeaking({ ...POLICY, ...policy });
  hears(talk, 'what time is it');
  talk.silence(80);
  expect(talk.state).toMatchObject({ draft: { id: 1, userText: 'what time is it', speculative: true } });
  return talk;
}

describe('an early draft', () => {
  it('is started for complete words after a silence so short that it may lie within a word', () => {
    const talk = givenUserSpeaking(POLICY);
    expect(hears(talk, 'what time is it')).toEqual(['transcript 1 "what time is it"']);
    expect(talk.silence(60)).toEqual([]);
    expect(talk.silence(20)).toEqual(['start_reply 1']);
  });

  it('is started with the next frame when complete words arrive during the silence', () => {
    const talk = givenUserSpeaking(POLICY);
    hears(talk, 'what time is');
    talk.silence(100);
    hears(talk, 'what time is it');
    expect(talk.silence(20)).toEqual(['start_reply 1']);
  });

  it('needs twice the silence when it is unclear whether the words are complete', () => {
    const talk = givenUserSpeaking(POLICY);
    hears(talk, 'tell me a joke');
    expect(talk.silence(119)).toEqual([]);
    expect(talk.silence(1)).toEqual(['start_reply 1']);
  });

  it('is not started for plainly incomplete words, which need the silence of an ordinary draft', () => {
    const talk = givenUserSpeaking(POLICY);
    hears(talk, 'turn on the');
    expect(talk.silence(199)).toEqual([]);
    expect(talk.silence(1)).toEqual(['start_reply 1']);
  });

  it('is started for complete words that stay unchanged while a voice is still heard', () => {
    const talk = givenUserSpeaking(POLICY);
    hears(talk, 'what time is it');
    expect(talk.speech(320)).toEqual([]);
    expect(talk.speech(40)).toEqual(['start_reply 1']);
  });

  it('is not started for words that may continue, however long they stay unchanged', () => {
    const talk = givenUserSpeaking(POLICY);
    hears(talk, 'tell me a joke');
    expect(talk.speech(2_000)).toEqual([]);
  });

  it('continues while the recogniser finalises, and is kept when the final transcript has the same words', () => {
    const talk = givenEarlyDraft();
    expect(talk.silence(199)).toEqual([]);
    expect(talk.silence(1)).toEqual(['finish_utterance 1']);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' })).toEqual(['speak 1 "It is noon."']);
    expect(talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 })).toEqual([]);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'What time is it?' })).toEqual([]);
    expect(talk.silence(700)).toEqual([
      'clear_timer audio_gap',
      'state AI_PROCESSING 1',
      'set_timer stalled 15000',
      'transcript 1 "What time is it?" final',
      'state AI_SPEAKING 1',
      'expect_echo on',
      'reply_text 1 "It is noon. "',
      'send_audio 1 500',
    ]);
    expect(talk.state).toMatchObject({ drafts: { total: { started: 1, kept: 1, cancelled: 0 } } });
  });

  it('is dropped when the final transcript has other words, and nothing of it is heard', () => {
    const talk = givenEarlyDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. ' });
    talk.happens({ type: 'reply_audio_produced', reply: 1, audio, durationMs: 500 });
    talk.silence(200);
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'What time is its?' })).toEqual([
      'cancel_reply 1',
      'start_reply 2',
    ]);
    expect(talk.silence(700).filter((effect) => /send_audio|reply_text/u.test(effect))).toEqual([]);
    expect(talk.state).toMatchObject({ drafts: { total: { started: 2, cancelled: 1, wastedCharacters: 11 } } });
  });

  it('continues during the fading end of a word', () => {
    const talk = givenEarlyDraft();
    talk.silence(16);
    expect(talk.speech(160)).toEqual([]);
    expect(talk.silence(80)).toEqual([]);
    expect(talk.state).toMatchObject({ draft: { id: 1 } });
  });

  it('is cancelled by more speech, and the same words are not tried again before the ordinary silence', () => {
    const talk = givenEarlyDraft();
    talk.silence(16);
    expect(talk.speech(256)).toEqual(['cancel_reply 1']);
    expect(talk.silence(260)).toEqual([]);
    expect(talk.silence(40)).toEqual(['finish_utterance 1', 'start_reply 2']);
  });

  it('is cancelled at once by other words, which then get their own draft', () => {
    const talk = givenEarlyDraft();
    expect(hears(talk, 'what time is it in Delhi')).toEqual(['transcript 1 "what time is it in Delhi"', 'cancel_reply 1']);
    expect(talk.silence(20)).toEqual(['start_reply 2']);
    expect(talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Late.' })).toEqual([]);
  });

  it('is not cancelled when only the spelling of the words changes', () => {
    expect(hears(givenEarlyDraft(), 'What time is it?')).toEqual(['transcript 1 "What time is it?"']);
  });

  it('is cancelled when the recogniser ends the utterance by itself with other words', () => {
    const talk = givenEarlyDraft();
    expect(talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time' })).toEqual(['cancel_reply 1']);
  });

  it('is forgotten when it fails, and the same words are drafted again after the ordinary silence', () => {
    const talk = givenEarlyDraft();
    expect(talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'unavailable' })).toEqual(['cancel_reply 1']);
    expect(talk.silence(199)).toEqual([]);
    expect(talk.silence(1)).toEqual(['finish_utterance 1', 'start_reply 2']);
  });

  it('is tried only a limited number of times in a turn', () => {
    const talk = givenUserSpeaking({ ...POLICY, maxEarlyDrafts: 2 });
    talk.silence(80);
    const begun = ['what time is it', 'what time is it in Delhi', 'what time is it in Delhi today'].map((text) => {
      hears(talk, text);
      return talk.silence(20).filter((effect) => effect.startsWith('start_reply')).length;
    });
    expect(begun).toEqual([1, 1, 0]);
    expect(talk.silence(80)).toEqual(['finish_utterance 1', 'start_reply 3']);
  });

  it('is not made for a long speech', () => {
    const talk = givenUserSpeaking(POLICY);
    talk.speech(9_600);
    hears(talk, 'and that is all I wanted to say');
    expect(talk.silence(279)).toEqual([]);
    expect(talk.silence(1)).toEqual(['finish_utterance 1', 'start_reply 1']);
  });

  it('is also made for the words of a sound that is a turn only if it has words', () => {
    const talk = givenListening(POLICY);
    talk.silence(960);
    talk.speech(160);
    hears(talk, 'what time is it');
    expect(talk.silence(199)).toEqual(['start_reply 1']);
  });

  it.each<[string, Partial<TurnPolicy>]>([
    ['without drafts', { draftAfterSilenceMs: undefined }],
    ['without early drafts', { maxEarlyDrafts: 0 }],
  ])('is not made under a policy %s', (_, policy) => {
    const talk = givenUserSpeaking({ ...POLICY, ...policy });
    hears(talk, 'what time is it');
    expect(talk.silence(199)).toEqual([]);
    talk.speech(100);
    expect(talk.speech(900)).toEqual([]);
  });

  it('gives the recogniser a little more time to deliver the remaining words, and uses them at once', () => {
    const talk = givenUserSpeaking(POLICY);
    hears(talk, 'what is seven plus');
    expect(talk.silence(210)).toEqual(['start_reply 1']);
    expect(hears(talk, 'what is seven plus five')).toEqual(['transcript 1 "what is seven plus five"', 'cancel_reply 1']);
    expect(talk.silence(20)).toEqual(['finish_utterance 1', 'start_reply 2']);
  });

  it('gives the recogniser no more time when it has delivered words during this silence', () => {
    const talk = givenUserSpeaking(POLICY);
    hears(talk, 'what is seven plus');
    talk.silence(80);
    hears(talk, 'what is seven plus five');
    expect(talk.silence(119)).toEqual(['start_reply 1']);
    expect(talk.silence(1)).toEqual(['finish_utterance 1']);
  });

  it('gives no more time to a recogniser that never delivers words late', () => {
    const talk = givenUserSpeaking(POLICY);
    expect(talk.silence(199)).toEqual([]);
    expect(talk.silence(1)).toEqual(['finish_utterance 1']);
  });

  it('is removed when the user types a message', () => {
    const effects = givenEarlyDraft().happens({ type: 'text_received', text: 'hello' });
    expect(effects[0]).toBe('cancel_reply 1');
    expect(effects).toEqual(expect.arrayContaining(['finish_utterance 1', 'transcript 1 "what time is it hello"']));
  });

  it('asks the configured hint whether the words are complete', () => {
    const talk = new ConversationScript(POLICY, { hint: { requiredSilenceMs: (_, __, { unfinishedMs }) => unfinishedMs } });
    talk.happens({ type: 'conversation_started' });
    talk.speech(640);
    hears(talk, 'what time is it');
    expect(talk.silence(199)).toEqual([]);
  });

  it.each([
    [3, 'adaptive' as const, 80 + FIRST_TOKEN_MS + 60 + FIRST_AUDIO_MS],
    [0, 'adaptive' as const, 200 + FIRST_TOKEN_MS + 60 + FIRST_AUDIO_MS],
    [3, 'fixed' as const, 900],
  ])('makes the first audio arrive earlier: %i tries, %s', (maxEarlyDrafts, turnTaking, firstAudioMs) => {
    const world = new SimulatedWorld({ partials: 'growing' });
    const talk = new ConversationScript({ ...POLICY, maxEarlyDrafts, turnTaking }, { world });
    talk.happens({ type: 'conversation_started' });
    talk.speech(640);
    const voicedEndMs = talk.nowMs;
    talk.silence(1_600);
    const sent = talk.effects.find(({ effect }) => effect.type === 'send_audio');
    expect((sent?.atMs ?? 0) - voicedEndMs).toBe(firstAudioMs);
  });
});
