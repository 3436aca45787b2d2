import { Id } from '../transports/websocket/input/ebml';

/** The bytes of an id or of another number, as few as possible. */
export function uint(value: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** The size of an element, written in eight bytes. */
function sizeField(size: number): Buffer {
  const field = Buffer.alloc(8);
  field.writeBigUInt64BE(BigInt(size));
  field[0] = 0x01;
  return field;
}

const UNKNOWN = Buffer.from('01ffffffffffffff', 'hex');

/** An element whose header says this size, whatever the length of its body is. */
export const claiming = (id: number, size: number, ...body: Uint8Array[]): Buffer => Buffer.concat([uint(id), sizeField(size), ...body]);

export const element = (id: number, ...body: Uint8Array[]): Buffer =>
  claiming(
    id,
    body.reduce((sum, part) => sum + part.length, 0),
    ...body,
  );

/** An element of unknown size. */
export const endless = (id: number, ...body: Uint8Array[]): Buffer => Buffer.concat([uint(id), UNKNOWN, ...body]);

export const HEADER = element(Id.ebml, element(Id.docType, Buffer.from('webm')));

/** The header of an Opus stream as Chromium writes it, except for these values. */
export function opusHead({ preSkip = 0, channels = 1, family = 0 } = {}): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead');
  head[8] = 1;
  head[9] = channels;
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(48_000, 12);
  head[18] = family;
  return head;
}

export const track = (fields: { number?: number; codec?: string; type?: number; head?: Buffer; extra?: Buffer } = {}): Buffer =>
  element(
    Id.trackEntry,
    element(Id.trackNumber, uint(fields.number ?? 1)),
    element(Id.trackType, uint(fields.type ?? 2)),
    element(Id.codecId, Buffer.from(fields.codec ?? 'A_OPUS')),
    ...(fields.head ? [element(Id.codecPrivate, fields.head)] : []),
    ...(fields.extra ? [fields.extra] : []),
  );

export const tracks = (...entries: Buffer[]): Buffer => element(Id.tracks, ...entries);
export const OPUS = tracks(track({ head: opusHead() }));

/** The body of a block with one packet. */
export function blockBody(packet: Uint8Array, ticks = 0, { trackNumber = 1, flags = 0x80 } = {}): Buffer {
  const head = Buffer.from([0x80 | trackNumber, 0, 0, flags]);
  head.writeInt16BE(ticks, 1);
  return Buffer.concat([head, packet]);
}

export const simpleBlock = (packet: Uint8Array, ticks?: number, options?: Parameters<typeof blockBody>[2]): Buffer =>
  element(Id.simpleBlock, blockBody(packet, ticks, options));

export const timestamp = (ticks: number): Buffer => element(Id.timestamp, uint(ticks));

/** 20 ms of silence. */
export const SILENT_PACKET = Uint8Array.of(0xf8, 0xff, 0xfe);

/** The beginning of a recording of unknown length, up to its first block. */
export const BEGUN = Buffer.concat([HEADER, endless(Id.segment, OPUS, endless(Id.cluster, timestamp(0)))]);
