import type { CharacterAlignment } from '../ports/text-to-speech';
import { VoicingProgress } from './voicing-progress';

const TEXT = 'The first sentence of a reply that is long enough.';
const MS_PER_CHARACTER = 66;
const AUDIO_MS = TEXT.length * MS_PER_CHARACTER;

/** The text, each character of which takes this long. */
function aligned(text: string, startMs = 0, stepMs = MS_PER_CHARACTER): CharacterAlignment {
  const chars = [...text];
  return { chars, startMs: chars.map((_, index) => startMs + index * stepMs), durationMs: chars.map(() => stepMs) };
}

/** What is known after the text was sent and audio of these lengths came back, each piece with its alignment. */
function after(...pieces: [durationMs: number, alignment?: CharacterAlignment][]): VoicingProgress {
  const progress = new VoicingProgress();
  progress.sent(TEXT);
  for (const [durationMs, alignment] of pieces) progress.received({ pcm: new Int16Array(1), ...(alignment && { alignment }) }, durationMs);
  return progress;
}

describe('VoicingProgress', () => {
  it('is due while the audio is shorter than anyone could speak the text', () => {
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
    ['with all of its alignment', after([AUDIO_MS, aligned(TEXT)])],
    ['with none', after([AUDIO_MS])],
    ['with that of its beginning alone', after([200, aligned('The')], [AUDIO_MS - 200])],
    ['with that of its end alone', after([AUDIO_MS - 660], [660, aligned('ng enough.', AUDIO_MS - 660)])],
    ['with that of every other piece', after([660, aligned('The first ')], [660], [660, aligned(' a reply t', 1_320)], [AUDIO_MS - 1_980])],
    ['with one that is shorter, since the vendor wrote less', after([AUDIO_MS, aligned('First sentence of a reply.', 0, 120)])],
    ['with one that is longer, since the vendor wrote more', after([AUDIO_MS, aligned(`${TEXT} And so on, and so on.`, 0, 40)])],
    ['with one that begins again', after([AUDIO_MS, aligned(TEXT.slice(0, 30))], [0, aligned(TEXT.slice(0, 30))])],
    ['with one of other words', after([AUDIO_MS, aligned('One two three four five six seven eight nine', 0, 75)])],
  ])('takes audio that is long enough for whole: %s', (_name, { mayBeWhole }) => {
    expect(mayBeWhole).toBe(true);
  });

  it('takes speech whose last word was voiced for whole, however short it is', () => {
    expect(after([TEXT.length * 30, aligned(TEXT, 0, 30)]).mayBeWhole).toBe(true);
  });

  it('does not take the alignment of audio that has not come for audio', () => {
    expect(after([200, aligned(TEXT)]).mayBeWhole).toBe(false);
  });

  it('does not take audio for whole whose alignment ends in the middle of the text, unless it is as long as an ordinary voice needs', () => {
    const [half, most] = [TEXT.slice(0, 35), TEXT.slice(0, 45)];
    expect(after([half.length * MS_PER_CHARACTER, aligned(half)]).mayBeWhole).toBe(false);
    expect(after([most.length * MS_PER_CHARACTER, aligned(most)]).mayBeWhole).toBe(true);
  });
});
