/** Ids of the elements that an audio recording may contain (RFC 9559). Each id is unique, whatever element contains it. */
export const Id = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  contentEncodings: 0x6d80,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  position: 0xa7,
  prevSize: 0xab,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  cues: 0x1c53bb6b,
  chapters: 0x1043a770,
  attachments: 0x1941a469,
  tags: 0x1254c367,
  void: 0xec,
  crc32: 0xbf,
} as const;

export interface ElementHeader {
  id: number;
  /** Bytes of the body; undefined when unknown: then the element ends before the first element that it cannot contain. */
  size: number | undefined;
  /** Bytes of the header. */
  headerBytes: number;
}

/** A problem with a recording: the error code for the client, and a text for users. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  constructor(
    readonly code: 'invalid_audio' | 'unsupported_format',
    message: string,
  ) {
    super(message);
  }
}

export const corrupt = (message = 'The recording is damaged, or its chunks are not in order.'): RecordingError =>
  new RecordingError('invalid_audio', message);

const MAX_ID_BYTES = 4;
const MAX_SIZE_BYTES = 8;

/**
 * The header of the element that begins at `at`; undefined when the header is not complete yet.
 * @throws RecordingError when no element begins there.
 */
export function readElementHeader(bytes: Uint8Array, at: number): ElementHeader | undefined {
  if (at >= bytes.length) return undefined;
  const idBytes = vintLength(bytes[at]);
  if (idBytes > MAX_ID_BYTES) throw corrupt();
  if (at + idBytes >= bytes.length) return undefined;
  const sizeBytes = vintLength(bytes[at + idBytes]);
  if (sizeBytes > MAX_SIZE_BYTES) throw corrupt();
  const headerBytes = idBytes + sizeBytes;
  if (at + headerBytes > bytes.length) return undefined;
  return { id: uintOf(bytes.subarray(at, at + idBytes)), size: sizeAt(bytes, at + idBytes, sizeBytes), headerBytes };
}

/** The elements of a complete body. @throws RecordingError when they do not fill it exactly. */
export function* childrenOf(body: Uint8Array): Generator<{ id: number; body: Uint8Array }> {
  for (let at = 0; at < body.length;) {
    const header = readElementHeader(body, at);
    const start = at + (header?.headerBytes ?? 0);
    if (header?.size === undefined || start + header.size > body.length) throw corrupt();
    at = start + header.size;
    yield { id: header.id, body: body.subarray(start, at) };
  }
}

/** The position of the first four-byte id of one of these elements at or after `from`; undefined when there is none. */
export function findId(bytes: Uint8Array, from: number, ids: ReadonlySet<number>): number | undefined {
  for (let at = from; at + MAX_ID_BYTES <= bytes.length; at++) if (ids.has(uintOf(bytes.subarray(at, at + MAX_ID_BYTES)))) return at;
  return undefined;
}

/** A number of any length, most significant byte first. It is not exact above 2^53, which no limit requires. */
export const uintOf = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0);

/** Length in bytes of a variable-length number, from its first byte; 9 when the byte does not begin such a number. */
export const vintLength = (first: number): number => Math.clz32(first) - 23;

/** A variable-length number without its length marker. */
export function vintOf(bytes: Uint8Array): number {
  return (bytes[0] & (0xff >> bytes.length)) * 256 ** (bytes.length - 1) + uintOf(bytes.subarray(1));
}

function sizeAt(bytes: Uint8Array, at: number, length: number): number | undefined {
  const field = bytes.subarray(at, at + length);
  const valueBits = 0xff >> length;
  const isUnknown = (field[0] & valueBits) === valueBits && field.subarray(1).every((byte) => byte === 0xff);
  return isUnknown ? undefined : vintOf(field);
}
