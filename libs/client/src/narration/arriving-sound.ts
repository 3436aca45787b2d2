import { pcm16FromBytes } from '@parley/audio';
import { Peaks } from './peaks';
import { readWavHeader } from './wav-header';

/** What the arrival of a sound reports to its owner. */
export interface ArrivingSoundHandlers {
  /** More has arrived, or all of it. */
  onGrown(): void;
  /** The rest does not arrive: the connection broke, or it is no WAV file. */
  onBroken(): void;
}

/** So many bytes become one piece, which the browser may keep on disk. */
const PIECE_BYTES = 1 << 20;

/**
 * A WAV file (mono, 16 bits) while it arrives: what is there can be read at any place, and its shape is known. The samples are kept as blobs,
 * outside of the page's own memory. Closed by its owner.
 */
export class ArrivingSound {
  readonly peaks = new Peaks();
  /** 0 until the header is there. */
  sampleRateHz = 0;
  /** Whether all has arrived. */
  isComplete = false;
  private readonly pieces: { readonly from: number; readonly blob: Blob }[] = [];
  private readonly leaving = new AbortController();
  private header: Uint8Array | undefined = new Uint8Array(0);
  private odd: Uint8Array = new Uint8Array(0);
  private recent: Uint8Array<ArrayBuffer>[] = [];
  private recentBytes = 0;
  private storedBytes = 0;

  /** `open` asks for the file; it is called at once. */
  constructor(
    open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>,
    private readonly handlers: ArrivingSoundHandlers,
  ) {
    void this.load(open);
  }

  /** How many samples have arrived. */
  get samples(): number {
    return (this.storedBytes + this.recentBytes) / 2;
  }

  get durationMs(): number {
    return this.sampleRateHz === 0 ? 0 : (this.samples * 1000) / this.sampleRateHz;
  }

  /** The samples `from` to `to` (exclusive) as PCM s16le in a buffer of their own; fewer where no more has arrived. */
  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const first = from * 2;
    const end = Math.min(to, this.samples) * 2;
    if (end <= first) return new Uint8Array(0);
    const recent = { from: this.storedBytes, blob: new Blob(this.recent) };
    const parts = [...this.pieces, recent].flatMap(({ from: at, blob }) => {
      const [start, stop] = [Math.max(0, first - at), Math.min(blob.size, end - at)];
      return start < stop ? [blob.slice(start, stop)] : [];
    });
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  close(): void {
    this.leaving.abort();
    this.pieces.length = 0;
    this.recent = [];
  }

  private async load(open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>): Promise<void> {
    const { signal } = this.leaving;
    try {
      const reader = (await open(signal)).getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        if (signal.aborted) return;
        this.arrived(read.value);
        this.handlers.onGrown();
      }
      this.isComplete = true;
      if (!signal.aborted) this.handlers.onGrown();
    } catch {
      if (!signal.aborted) this.handlers.onBroken();
    }
  }

  private arrived(bytes: Uint8Array): void {
    if (!this.header) {
      this.keep(bytes);
      return;
    }
    const all = joined(this.header, bytes);
    const header = readWavHeader(all);
    this.header = header ? undefined : all;
    if (!header) return;
    this.sampleRateHz = header.sampleRateHz;
    this.keep(all.subarray(header.dataAt));
  }

  /** Keeps whole samples; half of one waits for its other half. */
  private keep(bytes: Uint8Array): void {
    const all = joined(this.odd, bytes);
    const whole = all.subarray(0, all.byteLength - (all.byteLength % 2));
    this.odd = all.slice(whole.byteLength);
    this.peaks.add(pcm16FromBytes(whole));
    this.recent.push(whole);
    this.recentBytes += whole.byteLength;
    if (this.recentBytes < PIECE_BYTES) return;
    this.pieces.push({ from: this.storedBytes, blob: new Blob(this.recent) });
    this.storedBytes += this.recentBytes;
    this.recent = [];
    this.recentBytes = 0;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.byteLength + second.byteLength);
  all.set(first);
  all.set(second, first.byteLength);
  return all;
}
