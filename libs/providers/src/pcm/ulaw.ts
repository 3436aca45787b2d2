/** G.711 µ-law, which telephony and some vendors use for speech: one byte for each sample. */

const BIAS = 0x84;
const CLIP = 32_635;

const DECODED = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const magnitude = (((code & 0x0f) << 3) + BIAS) << ((code & 0x70) >> 4);
  return code & 0x80 ? BIAS - magnitude : magnitude - BIAS;
});

/** Encodes samples as µ-law, one byte for each sample. */
export function encodeUlaw(pcm: Int16Array): Uint8Array {
  const bytes = new Uint8Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) bytes[i] = ulawByte(pcm[i]);
  return bytes;
}

/** Decodes µ-law, one sample for each byte. Always returns a new array. */
export function decodeUlaw(bytes: Uint8Array): Int16Array {
  const pcm = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pcm[i] = DECODED[bytes[i]];
  return pcm;
}

function ulawByte(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  const segment = 24 - Math.clz32(magnitude & 0x7f80);
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}
