/**
 * `npm run bench:bursts [-- scenes seed]`: which sounds after a turn are taken for another turn, and which interrupt the assistant. The sounds
 * are coughs, clicks, typing, slamming doors and short words, at -12 to 6 dB over four backgrounds. The transcript decides about them, so the
 * bench uses two recognisers: the built-in one, which writes something for every sound with a voice in it, and one that invents words for
 * every sound. On virtual time; prints Markdown.
 */
import { parseSileroWeights } from '@parley/audio';
import { seededRandom } from '@parley/simulator';
import {
  hearConversation,
  type SceneRecogniser,
  SoundsAfterTurns,
  stretchOf,
  voiceOf,
  writesForEverything,
  writesForVoices,
} from '@parley/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printTable } from './report';

const SOUNDS: Record<string, Float32Array> = {
  'three coughs': stretchOf('burst-cough.wav', 500, 3_000),
  'two coughs': stretchOf('burst-cough.wav', 650, 1_600),
  'a cough': stretchOf('burst-cough.wav', 2_150, 2_800),
  clicks: stretchOf('burst-click.wav', 500, 3_000),
  'a keyboard': stretchOf('burst-keyboard.wav', 450, 3_000),
  slams: stretchOf('burst-slam.wav', 500, 3_000),
  '"uh huh"': voiceOf('backchannel-uhhuh.wav'),
  '"right"': voiceOf('backchannel-right.wav'),
  '"okay"': voiceOf('backchannel-okay.wav'),
  '"wait stop"': voiceOf('interrupt-short.wav'),
  '"what time is it"': voiceOf('clean-time.wav'),
};

const [scenes = 100, seed = 1] = process.argv.slice(2).map(Number);
const weights = parseSileroWeights(readFileSync(join(process.cwd(), 'libs/audio/assets/silero-vad-v6-16k.bin')));

function count(
  sound: Float32Array,
  gapMs: readonly [number, number],
  assistant: 'writes a word' | 'speaks on',
  recognise: SceneRecogniser = writesForVoices,
): number {
  const drawn = new SoundsAfterTurns(seededRandom(seed));
  let times = 0;
  for (let i = 0; i < scenes; i++) {
    const { answeredFromMs, interruptedAtMs } = hearConversation(drawn.draw(sound, gapMs).pcm, weights, assistant, recognise);
    times += Math.min(1, assistant === 'speaks on' ? interruptedAtMs.length : answeredFromMs.length - 1);
  }
  return times;
}

printTable(
  `A sound after a turn: ${scenes} scenes each`,
  [
    'sound',
    'answered, 1.1 to 5 s after the turn',
    'answered by itself, 0.5 to 1 s after the turn',
    'interrupts the assistant',
    'answered, where the recogniser invents words',
    'interrupts, where it does',
  ],
  Object.entries(SOUNDS).map(([name, sound]) => [
    name,
    count(sound, [1_100, 5_000], 'writes a word'),
    count(sound, [500, 1_000], 'writes a word'),
    count(sound, [2_000, 5_000], 'speaks on'),
    count(sound, [1_100, 5_000], 'writes a word', writesForEverything),
    count(sound, [2_000, 5_000], 'speaks on', writesForEverything),
  ]),
);
