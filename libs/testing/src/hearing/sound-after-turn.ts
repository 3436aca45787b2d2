import { floatToPcm16, pcm16ToFloat } from '@parley/audio';
import { fixture } from '../client/fixtures';
import { type Background, BACKGROUNDS, backgroundOf } from './background';

/** A scene: a turn, some silence, and then a sound, with its level, its distance from the turn and its background. */
export interface SoundAfterTurn {
  readonly gainDb: number;
  readonly gapMs: number;
  readonly background: Background;
  /** The beginning of the sound, in ms. */
  readonly soundAtMs: number;
  readonly pcm: Int16Array;
}

const TURNS = [
  'clean-time.wav',
  'clean-date.wav',
  'clean-sum.wav',
  'clean-lights.wav',
  'clean-remind-kal.wav',
  'clean-music-fest.wav',
  'clean-time-espeak.wav',
];
const GAINS_DB: readonly [number, number] = [-12, 6];
const SAMPLES_PER_MS = 16;
/** Enough for the sound to end a turn. */
const TAIL_MS = 1_400;

/** A stretch of a recording, as samples of -1..1. */
export const stretchOf = (file: string, startMs: number, endMs: number): Float32Array =>
  Float32Array.from(fixture(file).pcm.subarray(startMs * SAMPLES_PER_MS, endMs * SAMPLES_PER_MS), pcm16ToFloat);

/** What is said in a recording. */
export function voiceOf(file: string): Float32Array {
  const [{ startMs, endMs }] = fixture(file).speech;
  return stretchOf(file, startMs, endMs);
}

/** Makes random scenes with a sound, of -12 to 6 dB unless told otherwise, after a silence of random length, beginning at any sample. */
export class SoundsAfterTurns {
  private readonly turns = TURNS.map((file) => stretchOf(file, 0, fixture(file).speech[0].endMs));

  constructor(
    private readonly random: () => number,
    private readonly gainsDb = GAINS_DB,
  ) {}

  draw(sound: Float32Array, [leastMs, mostMs]: readonly [number, number]): SoundAfterTurn {
    const said = this.oneOf(this.turns);
    const background = this.oneOf(BACKGROUNDS);
    const gapMs = leastMs + this.random() * (mostMs - leastMs);
    const [leastDb, mostDb] = this.gainsDb;
    const gainDb = leastDb + this.random() * (mostDb - leastDb);
    const soundAt = said.length + Math.floor(gapMs * SAMPLES_PER_MS);
    const samples = backgroundOf(background, soundAt + sound.length + TAIL_MS * SAMPLES_PER_MS, this.random);
    mix(samples, said, 0, 1);
    mix(samples, sound, soundAt, 10 ** (gainDb / 20));
    return { gainDb, gapMs, background, soundAtMs: soundAt / SAMPLES_PER_MS, pcm: toPcm16(samples) };
  }

  private oneOf<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random() * items.length)];
  }
}

function mix(samples: Float32Array, sound: Float32Array, from: number, gain: number): void {
  for (let i = 0; i < sound.length; i++) samples[from + i] += gain * sound[i];
}

function toPcm16(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) pcm[i] = floatToPcm16(samples[i]);
  return pcm;
}
