/** Makes this many samples of 16 kHz sound, the same each time for the same random numbers. */
export type Sound = (samples: number, random: () => number) => Float32Array;

const RATE_HZ = 16_000;

/** Random numbers of 0..1, the same for the same seed (xorshift32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Equally strong at all frequencies; full scale. */
export const white: Sound = (samples, random) => Float32Array.from({ length: samples }, () => 2 * random() - 1);

/** 3 dB less per octave: white noise through four poles an octave or two apart. */
export const pink: Sound = (samples, random) => {
  const poles = [0.998, 0.983, 0.88, 0.3];
  const gains = [0.045, 0.13, 0.3, 0.55];
  const held = poles.map(() => 0);
  return Float32Array.from({ length: samples }, () => {
    const drive = 2 * random() - 1;
    let sum = 0;
    poles.forEach((pole, i) => {
      held[i] = pole * held[i] + gains[i] * drive;
      sum += held[i];
    });
    return sum / 2;
  });
};

/** A fan: noise that falls 6 dB per octave, and the hum of the motor. */
export const fan: Sound = (samples, random) => {
  let level = 0;
  return Float32Array.from({ length: samples }, (_, i) => {
    level = 0.985 * level + 0.1 * (2 * random() - 1);
    return level + 0.1 * Math.sin((2 * Math.PI * 120 * i) / RATE_HZ);
  });
};

/** White noise that jumps by 20 dB every five seconds. */
export const steps: Sound = (samples, random) =>
  white(samples, random).map((sample, i) => sample * (Math.floor(i / (5 * RATE_HZ)) % 2 === 0 ? 0.1 : 1));

/** Chords of plucked strings (Karplus and Strong), one every half second. */
export const music: Sound = (samples, random) => {
  const out = new Float32Array(samples);
  for (let start = 0; start < samples; start += RATE_HZ / 2) {
    for (const frequencyHz of [220, 277.2, 329.6]) {
      const string = white(Math.round(RATE_HZ / frequencyHz), random);
      for (let i = 0; i < RATE_HZ / 2 && start + i < samples; i++) {
        const at = i % string.length;
        out[start + i] += string[at] / 3;
        string[at] = 0.498 * (string[at] + string[(at + 1) % string.length]);
      }
    }
  }
  return out;
};

/** Eight people who talk at once, each one utterance after the other. */
export function babbleOf(utterances: readonly Float32Array[]): Sound {
  return (samples, random) => {
    const out = new Float32Array(samples);
    for (let talker = 0; talker < 8; talker++) {
      for (let at = -Math.floor(random() * RATE_HZ); at < samples; at += Math.floor(random() * 0.2 * RATE_HZ)) {
        const utterance = utterances[Math.floor(random() * utterances.length)];
        const gain = 0.5 + random();
        for (let i = Math.max(0, -at); i < utterance.length && at + i < samples; i++) out[at + i] += gain * utterance[i];
        at += utterance.length;
      }
    }
    return out;
  };
}

/** A recording again and again. */
export function repeated(recording: Float32Array): Sound {
  return (samples) => Float32Array.from({ length: samples }, (_, i) => recording[i % recording.length]);
}

/** Root mean square of the samples. */
export function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** The samples at this level (root mean square, dBFS). */
export function atLevel(samples: Float32Array, dbfs: number): Float32Array {
  const gain = 10 ** (dbfs / 20) / rms(samples);
  return samples.map((sample) => sample * gain);
}
