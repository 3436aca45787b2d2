import { type JitterBuffer, pcm16FromBytes, pcm16ToFloat, Resampler, ReusableArray } from '@parley/audio';

interface Chunk {
  readonly turn: number;
  readonly pcm: Int16Array;
  readonly last: boolean;
  /** Samples converted so far. */
  done: number;
}

/** The two rates, and where the result goes. */
export interface TurnConverterOptions {
  readonly sourceRateHz: number;
  readonly contextRateHz: number;
  /** Where the converted audio goes. Owned by the caller. */
  readonly buffer: JitterBuffer;
}

/**
 * Converts arriving PCM to samples at the context's rate, a bounded amount at a time: a provider may send seconds of speech at once, and
 * resampling them all in one block would make the audio thread late. Runs on the audio thread.
 */
export class TurnConverter {
  private readonly buffer: JitterBuffer;
  private readonly resampler: Resampler;
  private readonly samples = new ReusableArray((length) => new Float32Array(length), 0);
  private chunks: Chunk[] = [];
  /** The turn whose audio the resampler holds the end of. */
  private turn: number | undefined;

  constructor({ sourceRateHz, contextRateHz, buffer }: TurnConverterOptions) {
    this.buffer = buffer;
    this.resampler = new Resampler({ fromRateHz: sourceRateHz, toRateHz: contextRateHz });
  }

  /** Adds signed 16-bit PCM of a turn; the buffer is kept, not copied. */
  push(turn: number, pcm: Uint8Array, last: boolean): void {
    this.chunks.push({ turn, pcm: pcm16FromBytes(pcm), last, done: 0 });
  }

  /** Converts at most this many source samples. */
  convert(sourceSamples: number): void {
    let budget = sourceSamples;
    while (this.chunks.length > 0) {
      const chunk = this.chunks[0];
      if (this.buffer.accepts(chunk.turn)) {
        if (budget <= 0 && chunk.done < chunk.pcm.length) return;
        const count = Math.min(budget, chunk.pcm.length - chunk.done);
        this.convertPart(chunk, count);
        budget -= count;
        if (chunk.done < chunk.pcm.length) return;
        if (chunk.last) this.end(chunk.turn);
      }
      this.chunks.shift();
    }
  }

  /** Drops all audio of this turn that was not converted yet. */
  drop(turn: number): void {
    this.chunks = this.chunks.filter((chunk) => chunk.turn !== turn);
    if (this.turn !== turn) return;
    this.resampler.reset();
    this.turn = undefined;
  }

  /** Forgets everything. */
  reset(): void {
    this.chunks = [];
    this.resampler.reset();
    this.turn = undefined;
  }

  private convertPart(chunk: Chunk, count: number): void {
    if (this.turn !== chunk.turn) this.begin(chunk.turn);
    const samples = this.samples.atLeast(count);
    for (let i = 0; i < count; i++) samples[i] = pcm16ToFloat(chunk.pcm[chunk.done + i]);
    chunk.done += count;
    this.buffer.write(chunk.turn, this.resampler.process(this.samples.view(count)));
  }

  private begin(turn: number): void {
    // A turn whose end was never announced is over when the next begins.
    if (this.turn !== undefined) this.end(this.turn);
    this.turn = turn;
  }

  private end(turn: number): void {
    this.buffer.write(turn, this.resampler.flush());
    this.buffer.end(turn);
    this.turn = undefined;
  }
}
