import { childrenOf, corrupt, type ElementHeader, findId, Id, readElementHeader, RecordingError, uintOf } from './ebml';
import { MAX_PACKET_BYTES, type OpusPacket, readBlock } from './webm-block';
import { type OpusTrack, opusTrackOf } from './webm-track';

/** The longest body, in bytes, of each element that is buffered until it is complete. */
const MAX_KEPT_BYTES: ReadonlyMap<number, number> = new Map([
  [Id.ebml, 1_024],
  [Id.tracks, 16_384],
  [Id.timestamp, 8],
  [Id.simpleBlock, MAX_PACKET_BYTES + 16],
  [Id.blockGroup, 2 * MAX_PACKET_BYTES],
]);
/** The longest body of the elements in `SKIPPED`, which are not needed. */
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
/** Elements at which reading can resume without any earlier data. */
const BEGINNINGS: ReadonlySet<number> = new Set([Id.ebml, Id.cluster]);
const ID_BYTES = 4;
/**
 * Recorders' clocks step back by less than this, and a chunk that arrives too late is longer. In milliseconds, the unit that recorders use.
 */
const JITTER_TICKS = 40;
/** Two seconds of the shortest packets are 800 blocks. Without a limit, a chunk full of two-byte elements would take a tenth of a second. */
const MAX_ELEMENTS_PER_CHUNK = 2_000;

/**
 * Extracts the Opus packets from a WebM recording while it is being made. It accepts chunks of any length in order and returns each packet
 * with the chunk that completes it. Segment and clusters may be of unknown size, as in an unfinished recording; nothing is buffered but the
 * one incomplete element (at most 16 kB). Another recording may follow in the same stream.
 *
 * Packets are returned in the order in which they arrive, whatever their times are: clocks of recorders sometimes step back, and audio from a
 * socket is in order anyway. A damaged block is left out; when the element structure is damaged, everything up to the next cluster is.
 *
 * Existing demuxers load a whole cluster before they return its first packet. A recorder may write a whole recording as one cluster, or
 * clusters of 32 s, and then nothing would be heard until its end. Hence our own reader for the few elements of an audio recording.
 */
export class WebmDemuxer {
  private rest = new Uint8Array(0);
  private toSkip = 0;
  /** Number of bytes that have been consumed. */
  private position = 0;
  private phase: 'header' | 'segment' | 'body' = 'header';
  private segmentEnd = Infinity;
  /** The end of the current cluster; undefined when no cluster is open. */
  private clusterEnd: number | undefined;
  /** Number of elements in this chunk so far, including nested ones. */
  private elementCount = 0;
  private opus: OpusTrack | undefined;
  /** True when it is not known where the next element begins. */
  private isLost = false;
  private damageCount = 0;
  private disorderCount = 0;
  private clusterTicks = 0;
  private lastTicks = -Infinity;

  /** The track that is read; undefined until the tracks have been read. */
  get track(): OpusTrack | undefined {
    return this.opus;
  }

  /** Number of damaged parts that were left out. */
  get damages(): number {
    return this.damageCount;
  }

  /**
   * Number of blocks whose time was earlier than that of the previous block by more than clock jitter. Their packets are returned as well.
   */
  get disorders(): number {
    return this.disorderCount;
  }

  /** Whether later chunks of the recording may still be readable after an error. */
  get mayRecover(): boolean {
    return this.isLost;
  }

  /** Number of buffered bytes of the incomplete element. */
  get keptBytes(): number {
    return this.rest.length;
  }

  /** False in the middle of an element: a recording that ends here was cut off. */
  get isComplete(): boolean {
    return this.isLost || (this.rest.length === 0 && this.toSkip === 0 && this.phase === 'body');
  }

  /**
   * @throws RecordingError when the chunk contains only damaged data. Unless `mayRecover` is true, the rest of the recording is unreadable.
   */
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
        // A chunk with too many elements is not searched any further, because resuming at each of them would take too long.
        at = this.resume(bytes, this.elementCount > MAX_ELEMENTS_PER_CHUNK ? bytes.length : at + 1);
      } else at = this.skip(bytes, at + read);
    }
    // A copy, because a view would keep the memory of the whole message alive.
    this.rest = new Uint8Array(bytes.subarray(at));
    if (failure && packets.length === 0) throw failure;
    return packets;
  }

  /**
   * The number of bytes used by the element that begins at `at`, or its damage; undefined when more bytes are needed.
   * @throws RecordingError when the rest of the recording is unreadable.
   */
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

  /** Searches from `from` on for an element at which reading can resume. Returns its position, or where the bytes to be kept begin. */
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

  /** The number of bytes used by the element that begins at `at`; undefined when more bytes are needed. */
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

  /** Whether another recording or segment begins here. Inside a cluster that has not ended, that would be damage. */
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

  /** @throws RecordingError when an element is in the wrong place, which shows that bytes are missing or out of order. */
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
