import type { ConversationScript } from '../testing/conversation-script';
import { givenDraft, givenThinking } from '../testing/given';
import type { DraftCounts } from './draft-counts';

const told = (talk: ConversationScript): (DraftCounts | undefined)[] =>
  talk.effects.flatMap(({ effect }) =>
    effect.type === 'notify' && (effect.notification.type === 'turn_measured' || effect.notification.type === 'ended')
      ? [effect.notification.drafts]
      : [],
  );

const counts = (started: number, kept: number, cancelled: number, wastedCharacters = 0, wastedTokens = 0): DraftCounts => ({
  started,
  kept,
  cancelled,
  wastedCharacters,
  wastedTokens,
});

/** The turn ends with the latest draft, and the answer is then stopped, so that the turn is measured. */
function measure(talk: ConversationScript): ConversationScript {
  talk.silence(900);
  talk.happens({ type: 'interrupt_requested' });
  return talk;
}

describe('the draft counts of a turn', () => {
  it('count a draft as kept when it was made for the final words', () => {
    expect(told(measure(givenDraft()))).toEqual([counts(1, 1, 0)]);
  });

  it('count other drafts as cancelled, with the characters sent to the voice and the tokens spent on them', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is **noon**. And then' });
    talk.silence(96);
    talk.speech(320);
    talk.silence(224);
    talk.happens({ type: 'transcript_finished', utterance: 2, text: 'in Delhi' });
    expect(talk.effects.map(({ effect }) => effect)).toContainEqual({ type: 'speak', reply: 1, text: 'It is noon.' });
    expect(told(measure(talk))).toEqual([counts(2, 1, 1, 'It is noon.'.length, 6)]);
  });

  it('include no characters for the voice before the first complete sentence', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'It is' });
    talk.happens({ type: 'text_received', text: 'hello' });
    talk.happens({ type: 'interrupt_requested' });
    expect(told(talk)).toEqual([counts(1, 0, 1, 0, 2)]);
  });

  it('count failed drafts as cancelled', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'timeout' });
    expect(told(measure(talk))).toEqual([counts(1, 0, 1)]);
  });

  it('are reported once', () => {
    const talk = measure(givenDraft());
    talk.happens({ type: 'text_received', text: 'hello' });
    talk.happens({ type: 'interrupt_requested' });
    expect(told(talk)).toEqual([counts(1, 1, 0), undefined]);
  });

  it('include the drafts that a typed message made useless', () => {
    const talk = givenDraft();
    talk.happens({ type: 'text_received', text: 'hello' });
    talk.happens({ type: 'interrupt_requested' });
    expect(told(talk)).toEqual([counts(1, 0, 1)]);
  });

  it('are reported at the end of the conversation when no turn was measured with them', () => {
    const talk = givenDraft();
    talk.happens({ type: 'reply_text_produced', reply: 1, text: 'Noon' });
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    expect(told(talk)).toEqual([counts(1, 0, 1, 0, 1)]);
  });

  it('are left out when there was no draft', () => {
    const talk = givenThinking();
    talk.happens({ type: 'interrupt_requested' });
    talk.happens({ type: 'conversation_ended', reason: 'client' });
    expect(told(talk)).toEqual([undefined, undefined]);
  });

  it('add up over the conversation', () => {
    const talk = measure(givenDraft());
    talk.speech(640);
    talk.silence(224);
    talk.happens({ type: 'transcript_finished', utterance: 2, text: 'and now' });
    measure(talk);
    expect(told(talk)).toEqual([counts(1, 1, 0), counts(1, 1, 0)]);
    const totals = talk.effects.flatMap(({ effect }) =>
      effect.type === 'notify' && effect.notification.type === 'turn_measured' ? [effect.notification.draftsTotal] : [],
    );
    expect(totals).toEqual([counts(1, 1, 0), counts(2, 2, 0)]);
  });
});
