import { ConversationScript } from '../testing/conversation-script';
import { givenUserSpeaking } from '../testing/given';
import { SimulatedWorld } from '../testing/simulated-world';
import { invariants } from '../testing/invariants';
import type { TurnPolicy } from './turn-policy';

const ADAPTIVE: Partial<TurnPolicy> = { turnTaking: 'adaptive' };

/** The silence, in whole frames, after which the turn ended. The speech ends at the border of a frame. */
function silenceUntilEnd(talk: ConversationScript): number {
  let ms = 0;
  for (; talk.phase === 'USER_SPEAKING' && ms < 3_000; ms += 20) talk.silence(20);
  return ms;
}

const hears = (talk: ConversationScript, text: string) => talk.happens({ type: 'transcript_changed', utterance: 1, text });

describe('the silence that ends a turn', () => {
  it.each<[Partial<TurnPolicy>, string, number]>([
    [{}, 'what time is it', 900],
    [{}, 'tea and', 900],
    [ADAPTIVE, 'what time is it', 460],
    [ADAPTIVE, 'play some music', 900],
    [ADAPTIVE, 'tea and', 1_500],
    [ADAPTIVE, '', 900],
    [{ ...ADAPTIVE, adaptiveMinSilenceMs: 600 }, 'what time is it', 600],
    [{ ...ADAPTIVE, endOfTurnSilenceMs: 400 }, 'what time is it', 400],
    [{ ...ADAPTIVE, endOfTurnSilenceMs: 2_000 }, 'tea and', 2_000],
    [{ ...ADAPTIVE, draftAfterSilenceMs: 200 }, 'what time is it', 460],
    [{ ...ADAPTIVE, draftAfterSilenceMs: 200 }, 'tea and', 1_500],
  ])('under %j after %j is %i ms long', (policy, text, silenceMs) => {
    const talk = givenUserSpeaking(policy);
    hears(talk, text);
    expect(silenceUntilEnd(talk)).toBe(silenceMs);
  });

  it('depends on the words as soon as they are known', () => {
    const talk = givenUserSpeaking(ADAPTIVE);
    hears(talk, 'what time');
    talk.silence(700);
    hears(talk, 'what time is it');
    expect(silenceUntilEnd(talk)).toBe(20);
  });

  it('depends on all words of the turn', () => {
    const talk = givenUserSpeaking({ ...ADAPTIVE, draftAfterSilenceMs: 200 });
    talk.silence(320);
    talk.happens({ type: 'transcript_finished', utterance: 1, text: 'what time is it' });
    talk.speech(320);
    talk.happens({ type: 'transcript_changed', utterance: 2, text: 'in' });
    expect(silenceUntilEnd(talk)).toBe(900);
  });

  it.each([
    [0, 460],
    [700, 700],
    [9_999, 1_500],
    [NaN, 900],
  ])('is what the hint requests (%i), limited to the shortest and the longest silence', (wantedMs, silenceMs) => {
    const hint = { requiredSilenceMs: () => wantedMs };
    const talk = new ConversationScript(ADAPTIVE, { hint });
    talk.happens({ type: 'conversation_started' });
    talk.speech(640);
    expect(silenceUntilEnd(talk)).toBe(silenceMs);
  });

  it.each([
    ['play some music', 'in the living room', 500],
    ['play some music', 'in the living room', 850],
    ['Play some music.', 'In the living room.', 850],
    ['remind me to call', 'my mother at six', 500],
    ['remind me to call', 'my mother at six', 850],
    ['Remind me to call.', 'My mother at six.', 850],
    ['I would like tea and', 'a sandwich', 1_400],
  ])('is longer than a pause inside a sentence: %j – %j after %i ms', (first, second, pauseMs) => {
    for (const draftAfterSilenceMs of [undefined, 200]) {
      const world = new SimulatedWorld({ transcripts: [{ text: first }, { text: second }] });
      const talk = new ConversationScript({ ...ADAPTIVE, draftAfterSilenceMs }, { world, onStep: invariants() });
      talk.happens({ type: 'conversation_started' });
      talk.speech(640);
      talk.happens({ type: 'transcript_changed', utterance: 1, text: first });
      talk.silence(pauseMs);
      expect(talk.phase).toBe('USER_SPEAKING');
      talk.speech(640);
      expect(talk.state).toMatchObject({ phase: 'USER_SPEAKING', turn: 1 });
    }
  });

  it('is 460 ms long after a complete question that has a draft, and its final transcript takes 350 ms', () => {
    const talk = new ConversationScript({ ...ADAPTIVE, draftAfterSilenceMs: 200 }, { world: new SimulatedWorld(), onStep: invariants() });
    talk.happens({ type: 'conversation_started' });
    talk.speech(640);
    talk.silence(6_400);
    const measured = talk.effects.flatMap(({ effect }) =>
      effect.type === 'notify' && effect.notification.type === 'turn_measured' ? [effect.notification.marks] : [],
    );
    expect(measured).toEqual([expect.objectContaining({ turn_end: 460, stt_final: 350 })]);
  });
});
