/**
 * The backgrounds and the sounds that are no speech. Each takes a length in samples and a source of random numbers; its level is set by
 * whoever mixes it in.
 */
import { SAMPLE_RATE_HZ } from './samples.mjs';

/** @typedef {(length: number, random: () => number) => Float32Array} Noise */

const seconds = (/** @type {number} */ value) => Math.floor(value * SAMPLE_RATE_HZ);

/** @type {Noise} */
export function white(length, random) {
  return new Float32Array(length).map(() => (random() + random() + random() + random() - 2) * 0.86);
}

/** Paul Kellet's filter: white noise that falls by 3 dB an octave. @type {Noise} */
export function pink(length, random) {
  const noise = new Float32Array(length);
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  let b4 = 0;
  let b5 = 0;
  let b6 = 0;
  for (let at = 0; at < length; at++) {
    const input = random() * 2 - 1;
    b0 = 0.99886 * b0 + input * 0.0555179;
    b1 = 0.99332 * b1 + input * 0.0750759;
    b2 = 0.969 * b2 + input * 0.153852;
    b3 = 0.8665 * b3 + input * 0.3104856;
    b4 = 0.55 * b4 + input * 0.5329522;
    b5 = -0.7616 * b5 - input * 0.016898;
    noise[at] = (b0 + b1 + b2 + b3 + b4 + b5 + b6 + input * 0.5362) * 0.11;
    b6 = input * 0.115926;
  }
  return noise;
}

/** Low noise and the hum of a motor. @type {Noise} */
export function fan(length, random) {
  const noise = new Float32Array(length);
  let low = 0;
  for (let at = 0; at < length; at++) {
    low = 0.985 * low + (random() * 2 - 1) * 0.1;
    noise[at] =
      low + 0.05 * Math.sin((2 * Math.PI * 120 * at) / SAMPLE_RATE_HZ) + 0.03 * Math.sin((2 * Math.PI * 240 * at) / SAMPLE_RATE_HZ);
  }
  return noise;
}

/**
 * Several people who talk at once.
 * @param {readonly Float32Array[]} utterances what they say, in any order
 * @returns {Noise}
 */
export const babbleOf =
  (utterances, talkers = 8) =>
  (length, random) => {
    const noise = new Float32Array(length);
    for (let talker = 0; talker < talkers; talker++) {
      let start = -seconds(random());
      while (start < length) {
        const utterance = utterances[Math.floor(random() * utterances.length)];
        const gain = 0.5 + random();
        utterance.forEach((sample, index) => {
          if (start + index >= 0 && start + index < length) noise[start + index] += sample * gain;
        });
        start += utterance.length + Math.floor(random() * 3_200);
      }
    }
    return noise;
  };

/** Somebody types. @type {Noise} */
export function keyboard(length, random) {
  const noise = new Float32Array(length);
  let start = seconds(0.5);
  while (start < length - SAMPLE_RATE_HZ / 2) {
    const stroke = seconds(0.008 + random() * 0.02);
    const frequencyHz = 1_500 + random() * 3_500;
    const gain = 0.3 + random() * 0.7;
    for (let at = 0; at < stroke; at++) {
      const tone = Math.sin((2 * Math.PI * frequencyHz * at) / SAMPLE_RATE_HZ);
      noise[start + at] += gain * Math.exp(-at / (stroke / 5)) * ((random() * 2 - 1) * 0.7 + 0.3 * tone);
    }
    start += seconds(0.08 + random() * 0.22);
  }
  return noise;
}

/** Four clicks of 5 ms. @type {Noise} */
export function click(length, random) {
  const noise = new Float32Array(length);
  for (const start of [0.8, 1.5, 1.58, 2.4]) {
    for (let at = 0; at < 80; at++) noise[seconds(start) + at] += Math.exp(-at / 12) * (random() * 2 - 1);
  }
  return noise;
}

/** A door, twice. @type {Noise} */
export function slam(length, random) {
  const noise = new Float32Array(length);
  for (const start of [0.8, 2]) {
    let low = 0;
    for (let at = 0; at < 0.25 * SAMPLE_RATE_HZ; at++) {
      low = 0.9 * low + (random() * 2 - 1) * 0.4;
      noise[seconds(start) + at] += low * Math.exp(-at / (0.04 * SAMPLE_RATE_HZ));
    }
  }
  return noise;
}

/** Three bursts of noise through two resonances such as a throat has. @type {Noise} */
export function cough(length, random) {
  const noise = new Float32Array(length);
  for (const start of [0.7, 1.0, 2.2]) {
    const burst = seconds(0.14 + random() * 0.1);
    const lowHz = 500 + random() * 300;
    const highHz = 1_500 + random() * 500;
    let low1 = 0;
    let low2 = 0;
    let high1 = 0;
    let high2 = 0;
    for (let at = 0; at < burst; at++) {
      const input = (random() * 2 - 1) * Math.min(1, at / 160) * Math.exp(-at / (burst / 4));
      const low = input + (1.94 * Math.cos((2 * Math.PI * lowHz) / SAMPLE_RATE_HZ) * low1 - 0.9409 * low2);
      low2 = low1;
      low1 = low;
      const high = input + (1.9 * Math.cos((2 * Math.PI * highHz) / SAMPLE_RATE_HZ) * high1 - 0.9025 * high2);
      high2 = high1;
      high1 = high;
      noise[seconds(start) + at] += low * 0.1 + high * 0.08;
    }
  }
  return noise;
}
