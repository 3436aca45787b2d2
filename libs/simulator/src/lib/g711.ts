/** G.711, both laws, between 16-bit PCM and bytes. */

const ULAW_BIAS = 0x84;
const ULAW_CLIP = 32_635;

export function encodeUlaw(pcm: Int16Array): Buffer {
  return Buffer.from(Uint8Array.from(pcm, ulawByte));
}

export function decodeUlaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (byte) => {
    const code = ~byte & 0xff;
    const magnitude = (((code & 0x0f) << 3) + ULAW_BIAS) << ((code & 0x70) >> 4);
    return code & 0x80 ? ULAW_BIAS - magnitude : magnitude - ULAW_BIAS;
  });
}

export function encodeAlaw(pcm: Int16Array): Buffer {
  return Buffer.from(Uint8Array.from(pcm, alawByte));
}

export function decodeAlaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (byte) => {
    const code = byte ^ 0x55;
    const segment = (code & 0x70) >> 4;
    const step = (code & 0x0f) << 4;
    const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
    return code & 0x80 ? magnitude : -magnitude;
  });
}

function ulawByte(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), ULAW_CLIP) + ULAW_BIAS;
  const segment = 24 - Math.clz32(magnitude & 0x7f80);
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

function alawByte(sample: number): number {
  const magnitude = sample < 0 ? Math.min(-sample - 1, 0x7fff) : sample;
  const segment = magnitude < 0x100 ? 0 : 24 - Math.clz32(magnitude);
  const step = segment === 0 ? magnitude >> 4 : (magnitude >> (segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
}
