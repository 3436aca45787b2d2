/**
 * G.711 (ITU-T Recommendation G.711, tables 1 and 2): telephone speech, one byte for each sample, on a scale that is roughly logarithmic.
 * Samples are signed 16 bits, of which µ-law keeps the 14 highest and A-law the 13 highest.
 */

/** Added to each magnitude before µ-law looks for the segment, so that every segment begins at a power of two. */
const ULAW_BIAS = 0x84;
/** The largest magnitude of µ-law; what is louder is clipped to it. */
const ULAW_CLIP = 0x7fff - ULAW_BIAS;
/** A-law inverts every second bit, so that a silent line still has changes of level to synchronise by. */
const ALAW_INVERTED_BITS = 0x55;

/** Encodes samples as µ-law, one byte for each sample. */
export function encodeUlaw(pcm: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) bytes[i] = ulawByte(pcm[i]);
  return bytes;
}

/** Decodes µ-law, one sample for each byte. Always returns a new array. */
export function decodeUlaw(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pcm[i] = ulawSample(bytes[i]);
  return pcm;
}

/** Encodes samples as A-law, one byte for each sample. */
export function encodeAlaw(pcm: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) bytes[i] = alawByte(pcm[i]);
  return bytes;
}

/** Decodes A-law, one sample for each byte. Always returns a new array. */
export function decodeAlaw(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pcm[i] = alawSample(bytes[i]);
  return pcm;
}

// A byte is the sign (1 bit), the segment (3 bits) and the step within the segment (4 bits). Each segment is twice as wide as the one before.

function ulawByte(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), ULAW_CLIP) + ULAW_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}

function ulawSample(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + ULAW_BIAS) << ((code & 0x70) >> 4)) - ULAW_BIAS;
  return code & 0x80 ? -magnitude : magnitude;
}

function alawByte(sample: number): number {
  // The intervals of negative samples are those of the positive ones, mirrored: -1 belongs with 0, and -32768 with 32767.
  const magnitude = sample < 0 ? ~sample : sample;
  const segment = magnitude < 0x100 ? 0 : 24 - Math.clz32(magnitude);
  // Segment 0 has steps as wide as segment 1.
  const step = (magnitude >> (Math.max(segment, 1) + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ ALAW_INVERTED_BITS;
}

function alawSample(byte: number): number {
  const code = byte ^ ALAW_INVERTED_BITS;
  const segment = (code & 0x70) >> 4;
  const middleOfStep = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? middleOfStep : (middleOfStep + 0x100) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}
