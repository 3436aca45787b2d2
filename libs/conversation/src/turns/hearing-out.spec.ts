import type { ConversationScript } from '../testing/conversation-script';
import { givenThinking } from '../testing/given';
import type { SpeechAlignment } from '../playout/heard-text';
import type { TurnPolicy } from './turn-policy';

/** What the state, the client messages and the memory say about an interrupted reply. */

const alignment = (text: string): SpeechAlignment => {
  const chars = [...text];
  return { chars, startMs: chars.map((_, index) => index * 50), durationMs: chars.map(() => 50) };
};

/** Reply 1 says "It is noon. Eat well." in 1 100 ms, at 50 ms per character, and all of it was just sent. */
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

describe('the heard part of an interrupted reply', () => {
  it.each<[string, (talk: ConversationScript) => void, string]>([
    ['empty before the player has filled its buffer', (talk) => talk.wait(300), ''],
    ['what an undisturbed listener has heard, when the client reports nothing', (talk) => talk.wait(300 + 250), 'It is'],
    ['what the client has reported', (talk) => plays(talk, 500), 'It is noon.'],
    ['extended by what was played since the last report', (talk) => (plays(talk, 400), talk.wait(100)), 'It is noon.'],
    ['extended by at most half a second, because the player may have stopped', (talk) => (plays(talk, 0), talk.wait(5_000)), 'It is noon.'],
    ['never more than was sent', (talk) => (plays(talk, 9_000), talk.wait(400)), 'It is noon. Eat well.'],
  ])('is %s', (_, plays, words) => {
    const talk = givenSaying();
    plays(talk);
    talk.happens({ type: 'interrupt_requested' });
    expect(heard(talk)).toEqual([words]);
  });

  it('is also reported when the conversation ends', () => {
    const talk = givenSaying();
    plays(talk, 500);
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    expect(heard(talk)).toEqual(['It is noon.']);
  });

  it('is not reported for a reply that was played to its end', () => {
    const talk = givenSaying();
    talk.happens({ type: 'reply_audio_ended', reply: 1 });
    talk.happens({ type: 'audio_finished', reply: 1 });
    talk.happens({ type: 'playback_reported', turn: 1, event: 'ended', playedMs: 1_100 });
    expect(heard(talk)).toEqual([undefined]);
  });

  it('is not reported for a reply in text only', () => {
    const talk = givenThinking({ speech: false });
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is' });
    talk.happens({ type: 'interrupt_requested' });
    expect(heard(talk)).toEqual([undefined]);
  });
});

describe('the final text of an interrupted reply', () => {
  const told = (talk: ConversationScript, since: number) =>
    talk.effects.slice(since).flatMap(({ effect }) => {
      const notification = effect.type === 'notify' ? effect.notification : undefined;
      return notification?.type === 'reply_text' || notification?.type === 'interrupted' ? [notification] : [];
    });

  it('includes the heard part, and is sent before the interruption is reported', () => {
    const talk = givenSaying();
    plays(talk, 500);
    const since = talk.effects.length;
    talk.happens({ type: 'interrupt_requested' });
    expect(told(talk, since)).toEqual([
      { type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon. Eat well.', heardText: 'It is noon.' } },
      { type: 'interrupted', turn: 1, reason: 'button' },
    ]);
  });

  it('is the text written so far when the model was still writing', () => {
    const talk = givenThinking();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is noon. Eat ' });
    const since = talk.effects.length;
    talk.happens({ type: 'text_received', text: 'stop' });
    expect(told(talk, since)[0]).toEqual({ type: 'reply_text', turn: 1, text: '', final: { fullText: 'It is noon. Eat', heardText: '' } });
  });

  it('is also sent when the conversation ends', () => {
    const talk = givenSaying();
    plays(talk, 500);
    const since = talk.effects.length;
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    expect(told(talk, since)).toMatchObject([{ final: { heardText: 'It is noon.' } }]);
  });

  it('includes no heard part for a reply in text only', () => {
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

  it('is empty by default', () => {
    expect(interrupted({}, 500).state).toMatchObject({ memory: [question, { role: 'user', content: 'and now?' }] });
  });

  it('contains what was heard, marked as interrupted', () => {
    expect(interrupted({ memoryOnInterruption: 'heard' }, 500).state).toMatchObject({
      memory: [question, { role: 'assistant', content: 'It is noon. [interrupted]' }, { role: 'user', content: 'and now?' }],
    });
  });

  it('is empty when nothing was heard', () => {
    expect(interrupted({ memoryOnInterruption: 'heard' }, 0).state).toMatchObject({
      memory: [question, { role: 'user', content: 'and now?' }],
    });
  });

  it('is empty for a prepared sentence', () => {
    const talk = givenSaying({ memoryOnInterruption: 'heard' });
    plays(talk, 500);
    talk.happens({ type: 'reply_failed', reply: 1, stage: 'tts', reason: 'timeout' });
    talk.happens({ type: 'interrupt_requested' });
    expect(heard(talk)).toEqual(['It is noon.']);
    expect(talk.state).toMatchObject({ memory: [question] });
  });
});
