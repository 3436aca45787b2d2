import { corrupt, vintLength, vintOf } from './ebml';

/** The ways to store several packets in one block (RFC 9559, section 10.3), as bits of the block's flags. */
const LACING = 0x06;
const XIPH = 0x02;
const FIXED = 0x04;

/**
 * The packets of a block as views of `body`: one packet, or several when the flags of the block say so.
 * @throws RecordingError when they do not fill it exactly.
 */
export function packetsIn(body: Uint8Array, flags: number): Uint8Array[] {
  const lacing = flags & LACING;
  if (lacing === 0) return [body];
  if (body.length === 0) throw corrupt();
  const count = body[0] + 1;
  if (lacing === FIXED) return cut(body, 1, fixedSizes(body.length - 1, count));
  const { sizes, at } = lacing === XIPH ? xiphSizes(body, count - 1) : ebmlSizes(body, count - 1);
  const lastSize = body.length - at - sizes.reduce((sum, size) => sum + size, 0);
  return cut(body, at, [...sizes, lastSize]);
}

function fixedSizes(bytes: number, count: number): number[] {
  if (bytes % count !== 0) throw corrupt();
  return Array.from({ length: count }, () => bytes / count);
}

function xiphSizes(body: Uint8Array, count: number): { sizes: number[]; at: number } {
  const sizes: number[] = [];
  let at = 1;
  while (sizes.length < count) {
    let size = 0;
    for (let piece = 255; piece === 255;) {
      if (at >= body.length) throw corrupt();
      piece = body[at++];
      size += piece;
    }
    sizes.push(size);
  }
  return { sizes, at };
}

/** Reads EBML-laced sizes: the first one is absolute, every other one is the difference from the previous size. */
function ebmlSizes(body: Uint8Array, count: number): { sizes: number[]; at: number } {
  const sizes: number[] = [];
  let at = 1;
  while (sizes.length < count) {
    const length = at < body.length ? vintLength(body[at]) : 9;
    const field = body.subarray(at, at + length);
    if (length > 8 || field.length < length) throw corrupt();
    const before = sizes.at(-1);
    sizes.push(before === undefined ? vintOf(field) : before + vintOf(field) - (2 ** (7 * length - 1) - 1));
    at += length;
  }
  return { sizes, at };
}

function cut(body: Uint8Array, from: number, sizes: readonly number[]): Uint8Array[] {
  let at = from;
  return sizes.map((size) => {
    if (size < 0 || at + size > body.length) throw corrupt();
    at += size;
    return body.subarray(at - size, at);
  });
}
