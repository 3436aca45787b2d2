import type { ConversationScript } from '../testing/conversation-script';
import { givenListening, givenSpeaking } from '../testing/given';
import type { TurnPolicy } from './turn-policy';

const SHORT: Partial<TurnPolicy> = { maxSessionMs: 90_000 };

/** Somebody keeps talking, so that only the limit can end the conversation. */
function talks(talk: ConversationScript, durationMs: number): string[] {
  return talk.during(() => {
    for (let ms = 0; ms < durationMs; ms += 1_000) {
      talk.happens({ type: 'text_received', text: 'go on' });
      talk.wait(1_000);
    }
  });
}

const about = (effects: string[]): string[] => effects.filter((effect) => effect.startsWith('ending_soon') || effect.startsWith('ended'));

describe('the maximum length of a conversation', () => {
  it('is announced half a minute before the conversation ends', () => {
    const talk = givenListening(SHORT);
    expect(about(talks(talk, 59_000))).toEqual([]);
    expect(about(talks(talk, 2_000))).toEqual(['ending_soon 30000']);
    expect(about(talks(talk, 28_000))).toEqual([]);
    expect(talk.phase).not.toBe('IDLE');
    expect(about(talks(talk, 2_000))).toEqual(['ended server_shutdown']);
    expect(talk.runningTimers).toEqual([]);
  });

  it('does not end a quiet conversation, which ends through inactivity', () => {
    expect(about(givenListening({ maxSessionMs: 80_000 }).wait(70_000))).toEqual(['ending_soon 30000', 'ended inactivity_timeout']);
    expect(about(givenListening().wait(70_000))).toEqual(['ended inactivity_timeout']);
  });

  it('is announced at once when it is shorter than the notice', () => {
    const talk = givenListening({ maxSessionMs: 10_000 });
    expect(about(talk.wait(1))).toEqual(['ending_soon 10000']);
    expect(about(talk.wait(10_000))).toEqual(['ended server_shutdown']);
  });

  it('applies while the user speaks, and after a noise', () => {
    const talk = givenListening({ maxSessionMs: 40_000 });
    talk.silence(9_000);
    talk.speech(128);
    expect(about(talk.silence(2_000))).toEqual(['ending_soon 30000']);
    expect(about(talk.speech(30_000))).toEqual(['ended server_shutdown']);
  });

  it('cancels whatever is running when it ends the conversation', () => {
    const talk = givenSpeaking({ maxSessionMs: 10_000 });
    expect(talk.wait(10_000)).toEqual(expect.arrayContaining(['cancel_reply 1', 'ended server_shutdown', 'end_session server_shutdown']));
    expect(talk.runningTimers).toEqual([]);
  });
});
