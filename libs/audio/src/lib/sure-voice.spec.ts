import { SureVoice } from './sure-voice';

/** A quiet room, and somebody near. */
const QUIET_DBFS = -72;
const NEAR_DBFS = -24;

/** What is said of windows of near speech with these probabilities; `gap` is a window of none. */
function followed(windows: readonly (number | 'gap')[], floorDbfs = QUIET_DBFS, voice = new SureVoice()): boolean[] {
  return windows.map((window) => voice.follow(window !== 'gap', window === 'gap' ? 0 : window, NEAR_DBFS, floorDbfs));
}

const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('SureVoice', () => {
  it('is not sure of a sound that is likely speech only at its beginning, like a cough', () => {
    expect(followed([0.97, 0.97, 0.99, 0.96, 0.94, 0.92, 0.84, 0.7])).toEqual(times(8, false));
  });

  it('is sure of a word from its sixth window on', () => {
    expect(followed([0.6, 0.8, 0.9, 0.99, 1, 1, 0.6, 'gap', 'gap', 'gap'])).toEqual([...times(5, false), ...times(5, true)]);
  });

  it('continues after a gap of two windows, and starts again after a longer one', () => {
    const within = [...times(4, 1), ...times(2, 'gap' as const), 1, 1];
    expect(followed(within).at(-2)).toBe(false);
    expect(followed(within).at(-1)).toBe(true);
    expect(followed([...times(4, 1), ...times(3, 'gap' as const), ...times(5, 1)])).toEqual(times(12, false));
  });

  it('stays sure after a gap of three windows, and starts again after a longer one', () => {
    expect(followed([...times(6, 1), ...times(3, 'gap' as const), 1]).slice(-2)).toEqual([true, true]);
    expect(followed([...times(6, 1), ...times(4, 'gap' as const), 1]).slice(-2)).toEqual([false, false]);
  });

  it('is not sure of a cough right after another one', () => {
    const coughs = [0.89, 0.7, 0.75, 0.63, 0.53, 0.52, ...times(3, 'gap' as const), 0.88, 0.95, 0.93, 0.85, 0.8, 0.62];
    expect(followed(coughs)).toEqual(times(15, false));
  });

  it('follows a quiet word below the gate for as long as the model detects speech', () => {
    const below = (probabilities: readonly number[]): boolean[] => {
      const voice = new SureVoice();
      followed([0.6, 0.8, 0.7, 0.8, 0.9], QUIET_DBFS, voice);
      return probabilities.map((probability) => voice.follow(false, probability, NEAR_DBFS, QUIET_DBFS));
    };
    expect(below([0.99, 0.4, 0.1])).toEqual([true, true, true]);
    expect(below([0.7, 0.4, 0.1])).toEqual([false, false, false]);
    expect(below([0.1, 0.1, 0.1, 0.99])).toEqual([false, false, false, false]);
  });

  it('is never sure of windows without speech', () => {
    const voice = new SureVoice();
    expect(times(12, 0.99).map((probability) => voice.follow(false, probability, NEAR_DBFS, QUIET_DBFS))).toEqual(times(12, false));
  });

  it('is sure of any speech that lasts 384 ms', () => {
    expect(followed(times(12, 0.5))).toEqual([...times(11, false), true]);
  });

  it('is sure of speech too quiet for a cough after 224 ms, unless some of it was louder', () => {
    const at = (levelsDbfs: readonly number[]): boolean[] => {
      const voice = new SureVoice();
      return levelsDbfs.map((levelDbfs) => voice.follow(true, 0.8, levelDbfs, QUIET_DBFS));
    };
    expect(at(times(8, -36.1))).toEqual([...times(6, false), true, true]);
    expect(at(times(8, -36))).toEqual(times(8, false));
    expect(at([-50, -30, ...times(6, -50)])).toEqual(times(8, false));
  });

  it('is sure at once over a loud background', () => {
    expect(followed([0.5], -44.9)).toEqual([true]);
    expect(followed(['gap'], -44.9)).toEqual([false]);
    expect(followed([0.5], -45)).toEqual([false]);
  });

  it('starts again after a reset', () => {
    const voice = new SureVoice();
    expect(followed(times(6, 1), QUIET_DBFS, voice).at(-1)).toBe(true);
    voice.reset();
    expect(followed(times(6, 1), QUIET_DBFS, voice)).toEqual([...times(5, false), true]);
  });
});
