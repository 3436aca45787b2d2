/** Duration of the longest packet that RFC 6716 allows. */
const MAX_PACKET_MS = 120;
const MAX_FRAME_BYTES = 1_275;

const SILK_FRAME_MS = [10, 20, 40, 60] as const;
const HYBRID_FRAME_MS = [10, 20] as const;
const CELT_FRAME_MS = [2.5, 5, 10, 20] as const;

/**
 * The duration in milliseconds of an Opus packet, from its framing alone (RFC 6716, section 3); undefined when the framing is invalid, which
 * is the only error that a decoder can find in a packet. It is checked before decoding, so that refused packets cost no decoding.
 */
export function opusPacketMs(packet: Uint8Array): number | undefined {
  if (packet.length === 0) return undefined;
  const frameMs = frameMsOf(packet[0] >> 3);
  const frames = frameCount(packet);
  return frames === undefined || frames * frameMs > MAX_PACKET_MS ? undefined : frames * frameMs;
}

function frameMsOf(config: number): number {
  if (config < 12) return SILK_FRAME_MS[config & 3];
  return config < 16 ? HYBRID_FRAME_MS[config & 1] : CELT_FRAME_MS[config & 3];
}

/** Returns undefined when the frames do not fit into the packet. */
function frameCount(packet: Uint8Array): number | undefined {
  const body = packet.length - 1;
  switch (packet[0] & 3) {
    case 0:
      return body <= MAX_FRAME_BYTES ? 1 : undefined;
    case 1:
      return body % 2 === 0 && body / 2 <= MAX_FRAME_BYTES ? 2 : undefined;
    case 2: {
      const first = lengthAt(packet, 1);
      const second = first && body - first.size - first.value;
      return second !== undefined && second >= 0 && second <= MAX_FRAME_BYTES ? 2 : undefined;
    }
    default:
      return countOfMany(packet);
  }
}

/** Reads a packet of code 3: any number of frames, of equal or different lengths, with optional padding. */
function countOfMany(packet: Uint8Array): number | undefined {
  if (packet.length < 2) return undefined;
  const count = packet[1] & 0x3f;
  if (count === 0) return undefined;
  let at = 2;
  let left = packet.length - at;
  if (packet[1] & 0x40) {
    for (let piece = 255; piece === 255;) {
      if (left <= 0) return undefined;
      piece = packet[at++];
      left -= 1 + (piece === 255 ? 254 : piece);
    }
  }
  if (left < 0) return undefined;
  if (!(packet[1] & 0x80)) return left % count === 0 && left / count <= MAX_FRAME_BYTES ? count : undefined;
  for (let frame = 1; frame < count; frame++) {
    const length = lengthAt(packet, at);
    if (length === undefined) return undefined;
    at += length.size;
    left -= length.size + length.value;
    if (left < 0) return undefined;
  }
  return left <= MAX_FRAME_BYTES ? count : undefined;
}

function lengthAt(packet: Uint8Array, at: number): { value: number; size: number } | undefined {
  if (at >= packet.length) return undefined;
  if (packet[at] < 252) return { value: packet[at], size: 1 };
  return at + 1 < packet.length ? { value: packet[at] + 4 * packet[at + 1], size: 2 } : undefined;
}
