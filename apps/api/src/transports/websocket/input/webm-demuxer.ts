import { childrenOf, corrupt, type ElementHeader, findId, Id, readElementHeader, RecordingError, uintOf } from './ebml';
import { MAX_PACKET_BYTES, type OpusPacket, readBlock } from './webm-block';
import { type OpusTrack, opusTrackOf } from './webm-track';

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
/** What can be read without anything of what was before. */
const BEGINNINGS: ReadonlySet<number> = new Set([Id.ebml, Id.cluster]);
const ID_BYTES = 4;
/** Recorders' clocks step back by less; a chunk that comes too late is longer than that. In milliseconds, which is what recorders count in. */
const JITTER_TICKS = 40;
/** Two seconds of the shortest packets are 800 blocks. Elements of two bytes would make a chunk cost a tenth of a second. */
const MAX_ELEMENTS_PER_CHUNK = 2_000;

/**
 * Takes the Opus packets out of a WebM recording while it is being made: chunks of any length in their order, each packet given with the
 * chunk that completes it. Segment and clusters may be of unknown size, as in a recording that is not over; no more is kept than the one
 * element that has begun (16 kB). Another recording may follow in the same stream.
 *
 * Packets are heard in the order in which they come, whatever times they bear: clocks of recorders step back at times, and sound that came
 * over a socket is in its order. A block that is damaged is left out; where the elements themselves are, all up to the next cluster is.
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
  /** Elements of this chunk so far, those within others as well. */
  private elementCount = 0;
  private opus: OpusTrack | undefined;
  /** Where the next element begins is not known. */
  private isLost = false;
  private damageCount = 0;
  private disorderCount = 0;
  private clusterTicks = 0;
  private lastTicks = -Infinity;

  /** There once the tracks have been read. */
  get track(): OpusTrack | undefined {
    return this.opus;
  }

  /** How often something was left out because it was damaged. */
  get damages(): number {
    return this.damageCount;
  }

  /** How often a block's time was before that of the block before it, by more than a clock's jitter. It is given all the same. */
  get disorders(): number {
    return this.disorderCount;
  }

  /** Something may still be had of the recording after an error. */
  get mayRecover(): boolean {
    return this.isLost;
  }

  /** Bytes of the element that has begun. */
  get keptBytes(): number {
    return this.rest.length;
  }

  /** False in the midst of an element: a recording that ends here was cut. */
  get isComplete(): boolean {
    return this.isLost || (this.rest.length === 0 && this.toSkip === 0 && this.phase === 'body');
  }

  /** @throws RecordingError when the chunk holds nothing but damage; unless `mayRecover`, nothing can be had of the recording after that. */
  push(chunk: Uint8Array): OpusPacket[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const packets: OpusPacket[] = [];
    this.elementCount = 0;
    let at = this.isLost ? this.resume(bytes, 0) : this.skip(bytes, 0);
    let failure = this.isLost ? corrupt() : undefined;
    while (!this.isLost) {
      const read = this.readElement(bytes, at, packets);
      if (read === undefined) break;
      if (read instanceof RecordingError) {
        failure = read;
        // A chunk of too many parts is read no further: each of them could be the beginning of more.
        at = this.resume(bytes, this.elementCount > MAX_ELEMENTS_PER_CHUNK ? bytes.length : at + 1);
      } else at = this.skip(bytes, at + read);
    }
    // A copy: what is kept must not hold the memory of what it came in.
    this.rest = new Uint8Array(bytes.subarray(at));
    if (failure && packets.length === 0) throw failure;
    return packets;
  }

  /** The bytes that were used of the element that begins at `at`; undefined when more of them must come first. @throws RecordingError when no more can be had of the recording. */
  private readElement(bytes: Uint8Array, at: number, packets: OpusPacket[]): number | RecordingError | undefined {
    try {
      const header = readElementHeader(bytes, at);
      const used = header && this.take(header, bytes, at, packets);
      this.position += used ?? 0;
      return used;
    } catch (error) {
      const isDamage = error instanceof RecordingError && error.code === 'invalid_audio';
      if (!isDamage || this.opus === undefined) throw error;
      this.damageCount += 1;
      return error;
    }
  }

  /** Looks from `from` on for what can be read by itself. Where reading goes on, or what is to be kept begins. */
  private resume(bytes: Uint8Array, from: number): number {
    const found = findId(bytes, from, BEGINNINGS);
    this.isLost = found === undefined;
    this.segmentEnd = Infinity;
    this.clusterEnd = undefined;
    return found ?? Math.max(from, bytes.length - ID_BYTES + 1);
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
    this.count();
    if (this.begins(id)) this.beginAnew(id);
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

  /** Another recording follows, or another segment; in the midst of a cluster that has not come to its end that is damage. */
  private begins(id: number): boolean {
    const isFree = this.clusterEnd === undefined || this.clusterEnd === Infinity || this.position >= this.clusterEnd;
    return this.phase !== 'header' && isFree && (id === Id.ebml || (id === Id.segment && this.phase === 'body'));
  }

  private beginAnew(id: number): void {
    this.phase = id === Id.ebml ? 'header' : 'segment';
    this.segmentEnd = Infinity;
    this.clusterEnd = undefined;
    this.opus = undefined;
    this.lastTicks = -Infinity;
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
        for (const child of childrenOf(body)) {
          this.count();
          if (child.id === Id.block) this.readBlock(child.body, packets);
        }
        return;
    }
  }

  private count(): void {
    this.elementCount += 1;
    if (this.elementCount > MAX_ELEMENTS_PER_CHUNK) throw corrupt('The recording holds far too many parts.');
  }

  private readHeader(body: Uint8Array): void {
    const docType = [...childrenOf(body)].find(({ id }) => id === Id.docType)?.body;
    if (docType && !['webm', 'matroska'].includes(String.fromCharCode(...docType))) {
      throw new RecordingError('unsupported_format', 'The recording is no WebM.');
    }
    this.phase = 'segment';
  }

  private readBlock(body: Uint8Array, packets: OpusPacket[]): void {
    const { damages, relativeTicks } = readBlock(body, this.opus, (packet) => packets.push(packet));
    this.damageCount += damages;
    if (relativeTicks === undefined) return;
    const ticks = this.clusterTicks + relativeTicks;
    if (ticks < this.lastTicks - JITTER_TICKS) this.disorderCount += 1;
    this.lastTicks = ticks;
  }
}
