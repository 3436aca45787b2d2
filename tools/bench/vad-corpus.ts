import { parseWav, pcm16ToFloat } from '@parley/audio';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atLevel, babbleOf, fan, music, pink, repeated, rms, seededRandom, type Sound, steps, white } from './vad-noise';

/** Where something is said in a recording, in ms. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Sound, with the true times of its speech. */
export interface Recording {
  readonly name: string;
  readonly samples: Float32Array;
  readonly speech: readonly Span[];
}

interface Manifest {
  readonly files: readonly { readonly file: string; readonly kind: string; readonly speech: readonly Span[] }[];
}

const SAMPLES_PER_MS = 16;
const SPEECH_DBFS = -24;
const ROOM_DBFS = -72;
const MINUTE = 60_000 * SAMPLES_PER_MS;
/** The recordings that utterances are taken from: clean ones, without repetitions and quiet versions. */
const SOURCES = /^(clean-(?!time-quiet)|pause-500|interrupt|backchannel)/;

/** The recordings, and the longer test recordings that are made from them. */
export class Corpus {
  private readonly manifest: Manifest;
  /** Everything that is said in the fixtures, once, at one level. */
  private readonly utterances: readonly Float32Array[];

  /** @param folder the fixtures with their manifest */
  constructor(private readonly folder: string) {
    this.manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    this.utterances = this.manifest.files
      .filter(({ file }) => SOURCES.test(file))
      .flatMap(({ file, speech }) => {
        const samples = this.samplesOf(file);
        return speech.map(({ startMs, endMs }) => atLevel(samples.slice(startMs * SAMPLES_PER_MS, endMs * SAMPLES_PER_MS), SPEECH_DBFS));
      });
  }

  /** The fixtures as they are. */
  fixtures(): Recording[] {
    return this.manifest.files.map(({ file, speech }) => ({ name: file.replace('.wav', ''), samples: this.samplesOf(file), speech }));
  }

  /** All utterances with 1.5 to 3 s between them, in a quiet room. */
  spaced(): Recording {
    const random = seededRandom(1);
    return this.sequence('clean', () => 1_500 + Math.floor(random() * 150) * 10);
  }

  /** All utterances in one breath: one turn of half a minute and more. */
  monologue(): Recording {
    const { samples, speech } = this.sequence('monologue', () => 0);
    return { name: 'monologue', samples, speech: [{ startMs: speech[0].startMs, endMs: speech[speech.length - 1].endMs }] };
  }

  /** The recording with noise behind it. */
  withNoise({ samples, speech }: Recording, noise: string, snrDb: number): Recording {
    const sound = atLevel(this.sounds()[noise](samples.length, seededRandom(snrDb)), SPEECH_DBFS - snrDb);
    return { name: `${noise} ${snrDb} dB`, samples: samples.map((sample, i) => sample + sound[i]), speech };
  }

  /** A minute of each noise alone, as loud as it is in a room. */
  noises(): Recording[] {
    const levels: Record<string, (samples: Float32Array) => Float32Array> = {
      white: (samples) => atLevel(samples, -44),
      pink: (samples) => atLevel(samples, -36),
      fan: (samples) => atLevel(samples, -23),
      'level steps': (samples) => atLevel(samples, -43),
      music: (samples) => atLevel(samples, -26),
      babble: (samples) => atLevel(samples, -36),
    };
    return Object.entries(this.sounds()).map(([name, sound]) => {
      const samples = sound(MINUTE, seededRandom(7));
      return { name, samples: levels[name]?.(samples) ?? samples, speech: [] };
    });
  }

  private sounds(): Record<string, Sound> {
    return {
      white,
      pink,
      fan,
      'level steps': steps,
      keyboard: repeated(this.samplesOf('burst-keyboard.wav')),
      slam: repeated(this.samplesOf('burst-slam.wav')),
      cough: repeated(this.samplesOf('burst-cough.wav')),
      music,
      babble: babbleOf(this.utterances),
    };
  }

  private sequence(name: string, gapMs: () => number): Recording {
    const gaps = this.utterances.map(gapMs);
    const lengths = this.utterances.map((utterance, i) => gaps[i] * SAMPLES_PER_MS + utterance.length);
    const samples = room(lengths.reduce((sum, length) => sum + length, 2_000 * SAMPLES_PER_MS));
    let at = 0;
    const speech = this.utterances.map((utterance, i) => {
      const start = Math.max(at + gaps[i] * SAMPLES_PER_MS, 1_000 * SAMPLES_PER_MS);
      for (let j = 0; j < utterance.length; j++) samples[start + j] += utterance[j];
      at = start + utterance.length;
      return { startMs: start / SAMPLES_PER_MS, endMs: at / SAMPLES_PER_MS };
    });
    return { name, samples, speech };
  }

  private samplesOf(file: string): Float32Array {
    const wav = parseWav(readFileSync(join(this.folder, file)));
    if (!wav.ok) throw new Error(`${file} is not a WAV file`);
    return Float32Array.from(wav.pcm, pcm16ToFloat);
  }
}

function room(samples: number): Float32Array {
  const noise = white(samples, seededRandom(3));
  const gain = 10 ** (ROOM_DBFS / 20) / rms(noise);
  return noise.map((sample) => sample * gain);
}
