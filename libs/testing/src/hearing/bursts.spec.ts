import { parseSileroWeights, parseWav, pcm16ToFloat } from '@parley/audio';
import { seededRandom } from '@parley/simulator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hearConversation } from './hear-conversation';
import { writesForEverything } from './scene-recogniser';
import { SoundsAfterTurns, stretchOf, voiceOf } from './sound-after-turn';

/**
 * Coughs, clicks, typing, slamming doors and short words after a turn: which of them are taken for a turn. The scenes are random but the
 * same in every run; `tools/bench/bursts.ts` tests thousands.
 */
const weights = parseSileroWeights(readFileSync(join(__dirname, '../../../audio/assets/silero-vad-v6-16k.bin')));

const BURSTS: Record<string, Float32Array> = {
  'three coughs': stretchOf('burst-cough.wav', 500, 3_000),
  'two coughs': stretchOf('burst-cough.wav', 650, 1_600),
  'a cough': stretchOf('burst-cough.wav', 2_150, 2_800),
  'a click': stretchOf('burst-click.wav', 500, 3_000),
  'a keyboard': stretchOf('burst-keyboard.wav', 450, 3_000),
  'a slam': stretchOf('burst-slam.wav', 500, 3_000),
};
const WORDS: Record<string, Float32Array> = {
  okay: voiceOf('backchannel-okay.wav'),
  right: voiceOf('backchannel-right.wav'),
  'wait stop': voiceOf('interrupt-short.wav'),
};

/** Made by `tools/assets/record-short-words.ts`: by their sound alone none of them is a turn. */
const SHORT_WORDS = ['slt-hi', 'slt-yep', 'kal16-no', 'kal16-what'];

function shortWord(name: string): Float32Array {
  const wav = parseWav(readFileSync(join(__dirname, `../../recordings/words/${name}.wav`)));
  if (!wav.ok) throw new Error(`the recording of ${name} cannot be read`);
  return Float32Array.from(wav.pcm, pcm16ToFloat);
}

/** In how many scenes the sound was answered. */
function answered(sound: Float32Array, scenes: number, seed: number, gainsDb?: readonly [number, number]): number {
  const drawn = new SoundsAfterTurns(seededRandom(seed), gainsDb);
  let turns = 0;
  for (let i = 0; i < scenes; i++) {
    // The sound comes long enough after the turn not to be part of it.
    const { pcm, soundAtMs } = drawn.draw(sound, [1_100, 5_000]);
    const { answeredFromMs } = hearConversation(pcm, weights, 'writes a word');
    // The turn before the sound is always answered, which shows that the scene works.
    expect(answeredFromMs[0]).toBeLessThan(soundAtMs);
    turns += Math.min(1, answeredFromMs.length - 1);
  }
  return turns;
}

function interrupted(sound: Float32Array, scenes: number, seed: number, gainsDb?: readonly [number, number]): number {
  const drawn = new SoundsAfterTurns(seededRandom(seed), gainsDb);
  let times = 0;
  for (let i = 0; i < scenes; i++) {
    const { pcm } = drawn.draw(sound, [2_000, 4_000]);
    const { answeredFromMs, interruptedAtMs } = hearConversation(pcm, weights, 'speaks on');
    expect(answeredFromMs.length).toBeGreaterThan(0);
    times += Math.min(1, interruptedAtMs.length);
  }
  return times;
}

describe('a sound in the silence after a turn', () => {
  it.each([
    ['three coughs', 16],
    ['two coughs', 16],
    ['a cough', 16],
    ['a click', 3],
    ['a keyboard', 3],
    ['a slam', 3],
  ])('is not answered in any of the scenes: %s, %i scenes', (name, scenes) => {
    expect(answered(BURSTS[name], scenes, 1)).toBe(0);
  });

  it.each([
    ['okay', 8],
    ['right', 8],
    ['wait stop', 6],
  ])('is answered in every scene: %j, %i scenes', (name, scenes) => {
    expect(answered(WORDS[name], scenes, 2)).toBe(scenes);
  });

  it.each(SHORT_WORDS)('%s, a word as short as a cough, is answered in all of 4 scenes', (name) => {
    expect(answered(shortWord(name), 4, 5, [0, 6])).toBe(4);
  });

  it('is answered if it is a cough for which the recogniser invents words', () => {
    const { pcm } = new SoundsAfterTurns(seededRandom(1)).draw(BURSTS['a cough'], [1_100, 5_000]);
    expect(hearConversation(pcm, weights, 'writes a word', writesForEverything).answeredFromMs).toHaveLength(2);
  });
});

describe('a sound while the assistant speaks', () => {
  it.each([
    ['three coughs', 8],
    ['a cough', 8],
    ['a slam', 2],
  ])('does not interrupt in any of the scenes: %s, %i scenes', (name, scenes) => {
    expect(interrupted(BURSTS[name], scenes, 3)).toBe(0);
  });

  it('interrupts in every scene: "wait stop", 6 scenes', () => {
    expect(interrupted(WORDS['wait stop'], 6, 4)).toBe(6);
  });

  it.each(SHORT_WORDS)('%s, a word as short as a cough, interrupts in all of 3 scenes', (name) => {
    expect(interrupted(shortWord(name), 3, 6, [0, 6])).toBe(3);
  });
});
