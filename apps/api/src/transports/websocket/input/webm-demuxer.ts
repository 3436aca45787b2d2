import { childrenOf, corrupt, type ElementHeader, Id, readElementHeader, RecordingError, uintOf, vintLength, vintOf } from './ebml';
import { opusPacketMs } from './opus-packet';
import { type OpusTrack, opusTrackOf } from './webm-track';

/** One packet of the recording's sound; a view of the bytes that were pushed or kept. */
export interface OpusPacket {
  bytes: Uint8Array;
  durationMs: number;
}

/** What a decoder has room for: 120 ms at 256 kbit/s. */
const MAX_PACKET_BYTES = 3_840;
/** Bodies that are kept until they are whole. */
const MAX_KEPT_BYTES: ReadonlyMap<number, number> = new Map([
  [Id.ebml, 1_024],
  [Id.tracks, 16_384],
  [Id.timestamp, 8],
  [Id.simpleBlock, MAX_PACKET_BYTES + 16],
  [Id.blockGroup, 2 * MAX_PACKET_BYTES],
]);
/** Bodies that nobody needs. */
const MAX_SKIPPED_BYTES = 1_048_576;
const SKIPPED: ReadonlySet<number> = new Set([
  Id.seekHead,
  Id.info,
  Id.cues,
  Id.chapters,
  Id.attachments,
  Id.tags,
  Id.position,
  Id.prevSize,
  Id.void,
  Id.crc32,
]);
const MAX_CLUSTER_BYTES = 16 * 1_048_576;
const IN_CLUSTER: ReadonlySet<number> = new Set([Id.timestamp, Id.position, Id.prevSize, Id.simpleBlock, Id.blockGroup]);
const ANYWHERE: ReadonlySet<number> = new Set([Id.void, Id.crc32]);
const LACING = 0x06;

/**
 * Takes the Opus packets out of one WebM recording while it is being made: chunks of any length in their order, each packet given with the
 * chunk that completes it. Segment and clusters may be of unknown size, as in a recording that is not over; nothing is sought, and no more is
 * kept than the one element that has begun (16 kB).
 *
 * The demuxers there are load a cluster before they give its first packet. A recorder may make one cluster of a whole recording, or one of
 * 32 s, and then nothing is heard until it is over: hence a reader of our own for the few elements of a recording of sound.
 */
export class WebmDemuxer {
  private rest = new Uint8Array(0);
  private toSkip = 0;
  /** Bytes that have been consumed. */
  private position = 0;
  private phase: 'header' | 'segment' | 'body' = 'header';
  private segmentEnd = Infinity;
  /** There while a cluster is open. */
  private clusterEnd: number | undefined;
  private clusterTicks: number | undefined;
  private lastTicks = -Infinity;
  private opus: OpusTrack | undefined;

  /** There once the tracks have been read. */
  get track(): OpusTrack | undefined {
    return this.opus;
  }

  /** Bytes of the element that has begun. */
  get keptBytes(): number {
    return this.rest.length;
  }

  /** False in the midst of an element: a recording that ends here was cut. */
  get isComplete(): boolean {
    return this.rest.length === 0 && this.toSkip === 0 && this.phase === 'body';
  }

  /** @throws RecordingError; nothing can be had of this recording after that. */
  push(chunk: Uint8Array): OpusPacket[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const packets: OpusPacket[] = [];
    let at = this.skip(bytes, 0);
    for (;;) {
      const header = readElementHeader(bytes, at);
      if (header === undefined) break;
      const used = this.take(header, bytes, at, packets);
      if (used === undefined) break;
      this.position += used;
      at = this.skip(bytes, at + used);
    }
    // A copy: what is kept must not hold the memory of what it came in.
    this.rest = new Uint8Array(bytes.subarray(at));
    return packets;
  }

  private skip(bytes: Uint8Array, at: number): number {
    const skipped = Math.min(this.toSkip, bytes.length - at);
    this.toSkip -= skipped;
    this.position += skipped;
    return at + skipped;
  }

  /** The bytes that were used of the element that begins at `at`; undefined when more of them must come first. */
  private take(header: ElementHeader, bytes: Uint8Array, at: number, packets: OpusPacket[]): number | undefined {
    const { id, size, headerBytes } = header;
    this.checkPlace(header);
    if (id === Id.segment || id === Id.cluster) {
      this.enter(header);
      return headerBytes;
    }
    if (size === undefined) throw corrupt();
    if (SKIPPED.has(id)) {
      if (size > MAX_SKIPPED_BYTES) throw corrupt('The recording holds something far too long.');
      this.toSkip = size;
      return headerBytes;
    }
    const maxBytes = MAX_KEPT_BYTES.get(id);
    if (maxBytes === undefined) throw corrupt();
    if (size > maxBytes) throw corrupt('The recording holds something far too long.');
    const start = at + headerBytes;
    if (start + size > bytes.length) return undefined;
    this.read(id, bytes.subarray(start, start + size), packets);
    return headerBytes + size;
  }

  /** Elements have their place: what is elsewhere shows that bytes are missing or in the wrong order. */
  private checkPlace({ id, size = 0, headerBytes }: ElementHeader): void {
    if (this.phase === 'header' && id !== Id.ebml) throw corrupt('The audio is no WebM recording, or not the beginning of one.');
    if (this.phase === 'segment' && id !== Id.segment && !ANYWHERE.has(id)) throw corrupt();
    if (this.phase !== 'body') return;
    if (id === Id.ebml || id === Id.segment || this.position >= this.segmentEnd) throw corrupt();
    if (this.clusterEnd !== undefined && this.position >= this.clusterEnd) this.clusterEnd = undefined;
    if (IN_CLUSTER.has(id)) {
      if (this.clusterEnd === undefined) throw corrupt();
    } else if (!ANYWHERE.has(id)) {
      if (this.clusterEnd !== undefined && this.clusterEnd !== Infinity) throw corrupt();
      this.clusterEnd = undefined;
    }
    if (this.position + headerBytes + size > Math.min(this.clusterEnd ?? Infinity, this.segmentEnd)) throw corrupt();
  }

  private enter({ id, size = Infinity, headerBytes }: ElementHeader): void {
    const end = this.position + headerBytes + size;
    if (id === Id.segment) {
      this.phase = 'body';
      this.segmentEnd = end;
      return;
    }
    if (this.opus === undefined || (size !== Infinity && size > MAX_CLUSTER_BYTES)) throw corrupt();
    this.clusterEnd = end;
    this.clusterTicks = undefined;
  }

  private read(id: number, body: Uint8Array, packets: OpusPacket[]): void {
    switch (id) {
      case Id.ebml:
        this.readHeader(body);
        return;
      case Id.tracks:
        if (this.opus) throw corrupt();
        this.opus = opusTrackOf(body);
        return;
      case Id.timestamp:
        this.clusterTicks = uintOf(body);
        return;
      case Id.simpleBlock:
        this.readBlock(body, packets);
        return;
      case Id.blockGroup:
        for (const child of childrenOf(body)) if (child.id === Id.block) this.readBlock(child.body, packets);
    }
  }

  private readHeader(body: Uint8Array): void {
    const docType = [...childrenOf(body)].find(({ id }) => id === Id.docType)?.body;
    if (docType && !['webm', 'matroska'].includes(String.fromCharCode(...docType))) {
      throw new RecordingError('unsupported_format', 'The recording is no WebM.');
    }
    this.phase = 'segment';
  }

  private readBlock(body: Uint8Array, packets: OpusPacket[]): void {
    const trackBytes = body.length === 0 ? 9 : vintLength(body[0]);
    const dataAt = trackBytes + 3;
    if (dataAt > body.length || this.clusterTicks === undefined) throw corrupt();
    if (vintOf(body.subarray(0, trackBytes)) !== this.opus?.number) return;
    const relativeTicks = ((body[trackBytes] << 24) >> 16) | body[trackBytes + 1];
    if (body[dataAt - 1] & LACING) throw new RecordingError('unsupported_format', 'Recordings with lacing are not taken.');
    const bytes = body.subarray(dataAt);
    const durationMs = opusPacketMs(bytes);
    if (durationMs === undefined || bytes.length > MAX_PACKET_BYTES) throw corrupt();
    if (this.clusterTicks + relativeTicks < this.lastTicks) throw corrupt('The chunks of the recording are not in order.');
    this.lastTicks = this.clusterTicks + relativeTicks;
    packets.push({ bytes, durationMs });
  }
}
