import type { CharacterAlignment } from '../ports/text-to-speech';
import { VoicingProgress } from './voicing-progress';

const TEXT = 'The first sentence of a reply that is long enough.';
const MS_PER_CHARACTER = 66;
const AUDIO_MS = TEXT.length * MS_PER_CHARACTER;

/** Returns an alignment of the text in which each character takes `stepMs`. */
function aligned(text: string, startMs = 0, stepMs = MS_PER_CHARACTER): CharacterAlignment {
  const chars = [...text];
  return { chars, startMs: chars.map((_, index) => startMs + index * stepMs), durationMs: chars.map(() => stepMs) };
}

/** Returns the progress after the text was sent and pieces of audio with these lengths and alignments were received. */
function after(...pieces: [durationMs: number, alignment?: CharacterAlignment][]): VoicingProgress {
  const progress = new VoicingProgress();
  progress.sent(TEXT);
  for (const [durationMs, alignment] of pieces) progress.received({ pcm: new Int16Array(1), ...(alignment && { alignment }) }, durationMs);
  return progress;
}

describe('VoicingProgress', () => {
  it('expects more audio while the audio is shorter than anyone could speak the text', () => {
    const progress = new VoicingProgress();
    const chunk = { pcm: new Int16Array(1) };
    progress.sent('x'.repeat(100));
    expect([progress.isDue, progress.mayBeWhole]).toEqual([true, false]);
    progress.received(chunk, 3_499);
    expect([progress.isDue, progress.mayBeWhole]).toEqual([true, false]);
    progress.received(chunk, 1);
    expect([progress.isDue, progress.mayBeWhole]).toEqual([false, true]);
    progress.sent('more');
    expect(progress.isDue).toBe(true);
  });

  it.each<[string, VoicingProgress]>([
    ['with a complete alignment', after([AUDIO_MS, aligned(TEXT)])],
    ['without any alignment', after([AUDIO_MS])],
    ['with an alignment of only its beginning', after([200, aligned('The')], [AUDIO_MS - 200])],
    ['with an alignment of only its end', after([AUDIO_MS - 660], [660, aligned('ng enough.', AUDIO_MS - 660)])],
    [
      'with an alignment of every other piece',
      after([660, aligned('The first ')], [660], [660, aligned(' a reply t', 1_320)], [AUDIO_MS - 1_980]),
    ],
    ['with an alignment that is shorter than the text', after([AUDIO_MS, aligned('First sentence of a reply.', 0, 120)])],
    ['with an alignment that is longer than the text', after([AUDIO_MS, aligned(`${TEXT} And so on, and so on.`, 0, 40)])],
    [
      'with an alignment that starts again from the beginning',
      after([AUDIO_MS, aligned(TEXT.slice(0, 30))], [0, aligned(TEXT.slice(0, 30))]),
    ],
    ['with an alignment of different words', after([AUDIO_MS, aligned('One two three four five six seven eight nine', 0, 75)])],
  ])('considers audio of sufficient length complete %s', (_name, { mayBeWhole }) => {
    expect(mayBeWhole).toBe(true);
  });

  it('considers speech complete if its last word was voiced, however short it is', () => {
    expect(after([TEXT.length * 30, aligned(TEXT, 0, 30)]).mayBeWhole).toBe(true);
  });

  it('does not count aligned text whose audio has not arrived', () => {
    expect(after([200, aligned(TEXT)]).mayBeWhole).toBe(false);
  });

  it('considers audio whose alignment ends in the middle of the text complete only if it is as long as an ordinary voice needs', () => {
    const [half, most] = [TEXT.slice(0, 35), TEXT.slice(0, 45)];
    expect(after([half.length * MS_PER_CHARACTER, aligned(half)]).mayBeWhole).toBe(false);
    expect(after([most.length * MS_PER_CHARACTER, aligned(most)]).mayBeWhole).toBe(true);
  });
});
