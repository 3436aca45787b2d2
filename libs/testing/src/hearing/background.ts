/** Background sounds: digital silence, a quiet room, hiss, or pink noise 30 dB below the voices of the recordings. */
export type Background = 'digital silence' | 'a quiet room' | 'hiss' | 'pink noise, 30 dB SNR';

export const BACKGROUNDS: readonly Background[] = ['digital silence', 'a quiet room', 'hiss', 'pink noise, 30 dB SNR'];

const HISS_DBFS = -60;
const ROOM_DBFS = -72;
/** The voices of the recordings are at -24 dBFS. */
const PINK_DBFS = -54;

/** Samples of -1..1 at 16 kHz. */
export function backgroundOf(background: Background, samples: number, random: () => number): Float32Array {
  switch (background) {
    case 'digital silence':
      return new Float32Array(samples);
    case 'a quiet room':
      return atLevel(white(samples, random), ROOM_DBFS);
    case 'hiss':
      return atLevel(white(samples, random), HISS_DBFS);
    case 'pink noise, 30 dB SNR':
      return atLevel(pink(samples, random), PINK_DBFS);
  }
}

function white(samples: number, random: () => number): Float32Array {
  const out = new Float32Array(samples);
  for (let at = 0; at < samples; at++) out[at] = 2 * random() - 1;
  return out;
}

/** Falls by 3 dB per octave: a sum of white noises that change every 1, 2, 4 ... samples. */
function pink(samples: number, random: () => number): Float32Array {
  const rows = new Float64Array(10);
  const out = new Float32Array(samples);
  let sum = 0;
  for (let at = 0; at < samples; at++) {
    for (let row = 0; row < rows.length && at % 2 ** row === 0; row++) {
      const drawn = 2 * random() - 1;
      sum += drawn - rows[row];
      rows[row] = drawn;
    }
    out[at] = sum;
  }
  return out;
}

function atLevel(samples: Float32Array, dbfs: number): Float32Array {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const gain = 10 ** (dbfs / 20) / Math.sqrt(power / samples.length);
  for (let at = 0; at < samples.length; at++) samples[at] *= gain;
  return samples;
}
