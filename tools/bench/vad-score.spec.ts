import { type VoiceActivity, type VoiceWindow } from '@parley/audio';
import { scoreSpeech, stretchesOf } from './vad-score';

/** One letter per window of 32 ms: s speech, u unclear, . silence. The voice ends with the last s. */
function windows(letters: string): VoiceWindow[] {
  const activities: Record<string, VoiceActivity> = { s: 'speech', u: 'unclear', '.': 'silence' };
  let voicedEndMs = 0;
  return [...letters].map((letter, i) => {
    const endMs = 32 * (i + 1);
    if (letter === 's') voicedEndMs = endMs;
    return { endMs, activity: activities[letter], isSure: letter === 's', voicedEndMs, probability: 0, levelDbfs: 0, floorDbfs: 0 };
  });
}

const silence = (count: number) => '.'.repeat(count);

describe('stretchesOf', () => {
  it('begins a stretch with two speech windows in a row and ends it with the last window that is not silence', () => {
    expect(stretchesOf(windows(`.s.ss.su${silence(10)}`), 200)).toEqual([{ startMs: 160, endMs: 256, speechMs: 96 }]);
  });

  it('continues a stretch over a shorter silence, but not over a longer one', () => {
    expect(stretchesOf(windows(`ss${silence(6)}ss${silence(7)}ss`), 200).map(({ startMs }) => startMs)).toEqual([64, 19 * 32]);
  });
});

describe('scoreSpeech', () => {
  it('measures the edges of what it finds', () => {
    const score = scoreSpeech(windows(`....sssss${silence(30)}`), [{ startMs: 120, endMs: 280 }], 200);
    expect(score).toEqual({
      utterances: 1,
      missed: 0,
      falseStarts: 0,
      splits: 0,
      voicedSplits: 0,
      onsetMs: [192 - 120],
      offsetMs: [288 - 280],
      voicedEndMs: [288 - 280],
    });
  });

  it('counts missed utterances, and detections where nobody speaks', () => {
    const score = scoreSpeech(windows(`${silence(40)}sss${silence(40)}`), [{ startMs: 100, endMs: 300 }], 200);
    expect(score).toMatchObject({ missed: 1, falseStarts: 1, onsetMs: [], voicedEndMs: [] });
  });

  it('counts an utterance that was split in two', () => {
    const score = scoreSpeech(windows(`sss${silence(8)}sss${silence(8)}`), [{ startMs: 0, endMs: 14 * 32 }], 200);
    expect(score).toMatchObject({ splits: 1, voicedSplits: 1, falseStarts: 0 });
  });
});
