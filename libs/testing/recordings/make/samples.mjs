/** Mono samples at 16 kHz as floats in -1 to 1: reading, writing, levels, and random numbers that are the same in every run. */
import { readFileSync, writeFileSync } from 'node:fs';

export const SAMPLE_RATE_HZ = 16_000;
export const SAMPLES_PER_MS = 16;
const HEADER_BYTES = 44;

/** @param {number} decibels */
export const gainOf = (decibels) => 10 ** (decibels / 20);

/**
 * The root mean square of a part.
 * @param {Float32Array} samples
 */
export function rms(samples, start = 0, end = samples.length) {
  let sum = 0;
  for (let at = start; at < end; at++) sum += samples[at] * samples[at];
  return Math.sqrt(sum / Math.max(1, end - start));
}

/**
 * Where the sound begins and ends, in samples: the first and the last 10 ms within 38 dB of the loudest 10 ms.
 * @param {Float32Array} samples
 * @returns {[start: number, end: number]}
 */
export function extentOf(samples, relativeDb = -38) {
  const block = 10 * SAMPLES_PER_MS;
  const levels = [];
  for (let at = 0; at + block <= samples.length; at += block) levels.push(rms(samples, at, at + block));
  const threshold = levels.reduce((most, level) => Math.max(most, level), 0) * gainOf(relativeDb);
  const first = levels.findIndex((level) => level > threshold);
  let last = levels.length - 1;
  while (last > 0 && levels[last] <= threshold) last--;
  return [first * block, (last + 1) * block];
}

/**
 * Scales in place until the loudest sample is at `peak`.
 * @param {Float32Array} samples
 * @param {number} peak
 */
export function scaleToPeak(samples, peak) {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  for (let at = 0; at < samples.length; at++) samples[at] *= peak / loudest;
  return samples;
}

/**
 * Numbers from 0 to below 1, the same for the same seed.
 * @param {number} seed
 * @returns {() => number}
 */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * The samples of a WAV file (PCM s16, mono).
 * @param {string} file
 */
export function readWav(file) {
  const bytes = readFileSync(file);
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === 'data') {
      const samples = new Float32Array(Math.min(length, bytes.length - at - 8) >> 1);
      for (let index = 0; index < samples.length; index++) samples[index] = bytes.readInt16LE(at + 8 + 2 * index) / 32768;
      return samples;
    }
    at += 8 + length + (length & 1);
  }
  throw new Error(`${file} has no data chunk`);
}

/**
 * @param {string} file
 * @param {Float32Array} samples
 */
export function writeWav(file, samples) {
  const bytes = Buffer.alloc(HEADER_BYTES + samples.length * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // mono
  bytes.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  bytes.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => {
    bytes.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(sample * 32767))), HEADER_BYTES + 2 * index);
  });
  writeFileSync(file, bytes);
}
