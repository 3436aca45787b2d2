import type { CharacterAlignment } from '../../ports/text-to-speech';
import { FrameAlignment } from './frame-alignment';
import { TextMatcher } from './text-matcher';

const STEP_MS = 50;

/** An alignment with equal times, which begins at `fromMs`. */
const aligned = (text: string, fromMs = 0): CharacterAlignment => {
  const chars = Array.from(text);
  return { chars, startMs: chars.map((_, index) => fromMs + index * STEP_MS), durationMs: chars.map(() => STEP_MS) };
};

describe('the alignment of frames', () => {
  function reader(text: string) {
    const matcher = new TextMatcher();
    matcher.give(text, 0, text.length);
    const alignment = new FrameAlignment(matcher);
    let receivedMs = 0;
    return {
      matcher,
      alignment,
      /** Reads a frame, and returns the characters of the text that it speaks, with their times. */
      read: (frame: CharacterAlignment | undefined, durationMs: number) => {
        const startMs = receivedMs;
        receivedMs += durationMs;
        if (!frame) {
          alignment.missing();
          return [];
        }
        return alignment
          .read(frame, { startMs, durationMs })
          .map(({ position, startMs: ms }) => `${text.charAt(position)}${position}@${ms}`);
      },
    };
  }

  it('counts from the start of a frame', () => {
    const { read } = reader('ab cd');
    expect(read(aligned('ab '), 150)).toEqual(['a0@0', 'b1@50']);
    expect(read(aligned('cd'), 100)).toEqual(['c3@150', 'd4@200']);
  });

  it('counts from the start of the connection', () => {
    const { read } = reader('ab cd');
    read(aligned('ab '), 150);
    expect(read(aligned('cd', 150), 100)).toEqual(['c3@150', 'd4@200']);
  });

  it('places every character once when frames repeat everything so far', () => {
    const { read } = reader('ab cd ef');
    read(aligned('ab '), 150);
    expect(read(aligned('ab cd '), 150)).toEqual(['c3@150', 'd4@200']);
    expect(read(aligned('ab cd ef'), 100)).toEqual(['e6@300', 'f7@350']);
  });

  it('places every character once when frames repeat the end of the one before', () => {
    const { read } = reader('ab cd ef');
    read(aligned('ab c'), 200);
    const none = { chars: ['b', ' ', 'c'], startMs: [0, 0, 0], durationMs: [0, 0, 0] };
    const fresh = aligned('d ef');
    const overlapping = {
      chars: [...none.chars, ...fresh.chars],
      startMs: [...none.startMs, ...fresh.startMs],
      durationMs: [...none.durationMs, ...fresh.durationMs],
    };
    expect(read(overlapping, 200)).toEqual(['d4@200', 'e6@300', 'f7@350']);
    expect(read(aligned('d ef'), 50)).toEqual([]);
  });

  it('spreads the characters over their frame when the times contradict each other, and does not rely on them', () => {
    const { alignment } = reader('abcd');
    const { chars, startMs, durationMs } = aligned('abcd');
    const anchors = alignment.read({ chars, startMs: [...startMs].reverse(), durationMs }, { startMs: 0, durationMs: 400 });
    expect(anchors.map((anchor) => [anchor.startMs, anchor.isSure])).toEqual([0, 100, 200, 300].map((ms) => [ms, false]));
  });

  it('finds the place again behind frames without alignment', () => {
    const { read, matcher } = reader('The quick brown fox jumps');
    read(aligned('The '), 200);
    read(undefined, 300);
    expect(read(aligned('brown '), 300)[0]).toBe('b10@500');
    expect(matcher.leavesOut).toBe(false);
  });

  it('skips words that the vendor reads out differently', () => {
    const { read, matcher } = reader('It costs 40 dollars today, she said.');
    read(aligned('It costs '), 450);
    read(aligned('forty '), 300);
    const rest = [...read(aligned('dollars today, '), 750), ...read(aligned('she said.'), 450)];
    expect(rest.map((anchor) => anchor.charAt(0)).join('')).toBe('dollarstodayshesaid');
    expect(rest[0]).toBe('d12@750');
    expect(matcher.leavesOut).toBe(true);
  });

  it('is not misled by a word of a number that occurs later in the text', () => {
    const { read } = reader('There are 1250 ways to get one of them.');
    read(aligned('There are '), 500);
    expect(read(aligned('one thousand two hundred '), 1250)).toEqual([]);
    expect(read(aligned('fifty ways to get '), 900)[0]).toMatch(/^w15@/);
  });

  it('joins a word that is divided between two frames, also behind a word that was skipped', () => {
    const { read } = reader('Pay 40 dollars now please.');
    read(aligned('Pay forty dol'), 650);
    const placed = [...read(aligned('lars now please.'), 800)];
    expect(placed.map((anchor) => anchor.charAt(0)).join('')).toBe('dollarsnowplease');
  });
});
