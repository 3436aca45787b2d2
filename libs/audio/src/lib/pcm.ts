/** One step of a signed 16-bit sample; full scale is -1 (inclusive) to just below 1. */
const PCM16_SCALE = 32768;

/** Lowest level reported, in dBFS: digital silence. */
export const SILENCE_DBFS = -100;

/** A sample of -1..1 as signed 16 bits, rounded; what lies outside is clipped, NaN is silence. */
export function floatToPcm16(sample: number): number {
  const scaled = Math.round(sample * PCM16_SCALE);
  if (scaled > PCM16_SCALE - 1) return PCM16_SCALE - 1;
  if (scaled < -PCM16_SCALE) return -PCM16_SCALE;
  return scaled || 0;
}

/** A signed 16-bit sample as -1..1; `floatToPcm16` gives back the same sample. */
export function pcm16ToFloat(sample: number): number {
  return sample / PCM16_SCALE;
}

/**
 * Signed 16-bit little-endian samples (as every host we run on stores them). A view of the same memory where its offset is even, else a
 * copy. A last odd byte is left out.
 */
export function pcm16FromBytes(bytes: Uint8Array): Int16Array {
  const length = bytes.byteLength >> 1;
  if (bytes.byteOffset % 2 === 0) return new Int16Array(bytes.buffer, bytes.byteOffset, length);
  // Not slice(): a Buffer's gives a view.
  const copy = new Int16Array(length);
  bytesFromPcm16(copy).set(bytes.subarray(0, length * 2));
  return copy;
}

/** The bytes of the samples: a view of the same memory. */
export function bytesFromPcm16(pcm: Int16Array): Uint8Array {
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** A level as dBFS, from the mean square of samples in -1..1; never below `SILENCE_DBFS`. */
export function meanSquareToDbfs(meanSquare: number): number {
  return meanSquare > 0 ? Math.max(SILENCE_DBFS, 10 * Math.log10(meanSquare)) : SILENCE_DBFS;
}

/** A difference of level in dB as a ratio of mean squares; a level in dBFS as a mean square. */
export function dbToPower(db: number): number {
  return 10 ** (db / 10);
}

/** Root mean square level in dBFS (a full-scale square wave is 0); `SILENCE_DBFS` for silence or no samples. */
export function rmsDbfs(pcm: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < pcm.length; i++) sum += pcm[i] * pcm[i];
  return pcm.length === 0 ? SILENCE_DBFS : meanSquareToDbfs(sum / pcm.length / (PCM16_SCALE * PCM16_SCALE));
}

/** One new array with all samples of the pieces, in their order. */
export function joinPcm(pieces: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
