import type { ConversationScript } from '../testing/conversation-script';
import { givenThinking } from '../testing/given';
import type { SpeechAlignment } from '../playout/heard-text';
import type { TurnPolicy } from './turn-policy';

/** What is known, told and remembered of a reply that is stopped. */

const alignment = (text: string): SpeechAlignment => {
  const chars = [...text];
  return { chars, startMs: chars.map((_, index) => index * 50), durationMs: chars.map(() => 50) };
};

/** Reply 1 says "It is noon. Eat well." in 1 100 ms, 50 ms a character, all of it sent now. */
function givenSaying(policy: Partial<TurnPolicy> = {}): ConversationScript {
  const talk = givenThinking(policy);
  talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. Eat well.' });
  talk.happens({ type: 'reply_text_ended', reply: 1 });
  talk.happens({
    type: 'reply_audio_produced',
    reply: 1,
    audio: new Int16Array(1),
    durationMs: 1_100,
    alignment: alignment('It is noon. Eat well. '),
  });
  talk.happens({ type: 'audio_sent', reply: 1, durationMs: 1_100 });
  return talk;
}

const plays = (talk: ConversationScript, playedMs: number) =>
  talk.happens({ type: 'playback_reported', turn: 1, event: 'progress', playedMs });

function heard(talk: ConversationScript): (string | undefined)[] {
  return talk.effects.flatMap(({ effect }) =>
    effect.type === 'notify' && effect.notification.type === 'turn_measured' ? [effect.notification.heardText] : [],
  );
}

describe('what was heard of an interrupted reply', () => {
  it.each<[string, (talk: ConversationScript) => void, string]>([
    ['nothing before the player has filled its buffer', (talk) => talk.wait(300), ''],
    ['what a listener without a hiccup has heard, where the client reports nothing', (talk) => talk.wait(300 + 250), 'It is'],
    ['what the client has reported', (talk) => plays(talk, 500), 'It is noon.'],
    ['and what was played since its last report', (talk) => (plays(talk, 400), talk.wait(100)), 'It is noon.'],
    ['at most half a second of it: the player may stand still', (talk) => (plays(talk, 0), talk.wait(5_000)), 'It is noon.'],
    ['never more than was sent', (talk) => (plays(talk, 9_000), talk.wait(400)), 'It is noon. Eat well.'],
  ])('is %s', (_, plays, words) => {
    const talk = givenSaying();
    plays(talk);
    talk.happens({ type: 'interrupt_requested' });
    expect(heard(talk)).toEqual([words]);
  });

  it('is told at the end of the conversation too', () => {
    const talk = givenSaying();
    plays(talk, 500);
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    expect(heard(talk)).toEqual(['It is noon.']);
  });

  it('is not told of a reply that was given to its end', () => {
    const talk = givenSaying();
    talk.happens({ type: 'reply_audio_ended', reply: 1 });
    talk.happens({ type: 'audio_finished', reply: 1 });
    talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: 1_100 });
    expect(heard(talk)).toEqual([undefined]);
  });

  it('is not told of a reply in writing only', () => {
    const talk = givenThinking({ speech: false });
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is' });
    talk.happens({ type: 'interrupt_requested' });
    expect(heard(talk)).toEqual([undefined]);
  });
});

describe('the text of an interrupted reply', () => {
  const told = (talk: ConversationScript, since: number) =>
    talk.effects.slice(since).flatMap(({ effect }) => {
      const notification = effect.type === 'notify' ? effect.notification : undefined;
      return notification?.type === 'reply_text' || notification?.type === 'interrupted' ? [notification] : [];
    });

  it('says what was heard of it before the interruption is told', () => {
    const talk = givenSaying();
    plays(talk, 500);
    const since = talk.effects.length;
    talk.happens({ type: 'interrupt_requested' });
    expect(told(talk, since)).toEqual([
      { type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon. Eat well.', heardText: 'It is noon.' } },
      { type: 'interrupted', turn: 1, reason: 'button' },
    ]);
  });

  it('is final with what was written, where the model was still writing it', () => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. Eat ' });
    const since = talk.effects.length;
    talk.happens({ type: 'text_received', text: 'stop' });
    expect(told(talk, since)[0]).toEqual({ type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon. Eat', heardText: '' } });
  });

  it('says it at the end of the conversation, too', () => {
    const talk = givenSaying();
    plays(talk, 500);
    const since = talk.effects.length;
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    expect(told(talk, since)).toMatchObject([{ final: { heardText: 'It is noon.' } }]);
  });

  it('has nothing to say of a reply in writing only', () => {
    const talk = givenThinking({ speech: false });
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is' });
    const since = talk.effects.length;
    talk.happens({ type: 'interrupt_requested' });
    expect(told(talk, since)).toEqual([{ type: 'interrupted', turn: 1, reason: 'button' }]);
  });
});

describe('the memory of an interrupted reply', () => {
  const question = { role: 'user', content: 'what time is it' };
  const interrupted = (policy: Partial<TurnPolicy>, playedMs: number): ConversationScript => {
    const talk = givenSaying(policy);
    plays(talk, playedMs);
    talk.happens({ type: 'text_received', text: 'and now?' });
    return talk;
  };

  it('is none, by default', () => {
    expect(interrupted({}, 500).state).toMatchObject({ memory: [question, { role: 'user', content: 'and now?' }] });
  });

  it('is what was heard, marked as interrupted', () => {
    expect(interrupted({ memoryOnInterruption: 'heard' }, 500).state).toMatchObject({
      memory: [question, { role: 'assistant', content: 'It is noon. [interrupted]' }, { role: 'user', content: 'and now?' }],
    });
  });

  it('is none where nothing was heard', () => {
    expect(interrupted({ memoryOnInterruption: 'heard' }, 0).state).toMatchObject({
      memory: [question, { role: 'user', content: 'and now?' }],
    });
  });

  it('is none of a prepared sentence', () => {
    const talk = givenSaying({ memoryOnInterruption: 'heard' });
    plays(talk, 500);
    talk.happens({ type: 'reply_failed', reply: 1, stage: 'tts', reason: 'timeout' });
    talk.happens({ type: 'interrupt_requested' });
    expect(heard(talk)).toEqual(['It is noon.']);
    expect(talk.state).toMatchObject({ memory: [question] });
  });
});
