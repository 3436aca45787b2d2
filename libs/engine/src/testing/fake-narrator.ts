import type { NarrationOptions, NarrationPiece, NarrationProvider, SpeechChunk } from '@parley/providers';

/** One `narrate` call, as the fake saw it. */
export interface NarrateCall {
  options: NarrationOptions;
  pieces: string[];
  /** Whether the text was read to its end. */
  isTextDone: boolean;
  isAborted: boolean;
}

export const FAKE_MS_PER_CHARACTER = 50;

/** A narrator that speaks each piece as it comes, every character for 50 ms, as samples with the index of the call. */
export class FakeNarrator implements Pick<NarrationProvider, 'narrate'> {
  readonly calls: NarrateCall[] = [];
  /** Awaited before each piece is spoken. */
  beforeSpeech: (call: number, piece: string) => Promise<void> = () => Promise.resolve();
  /** Leaves out the alignment, as some vendors do. */
  withoutAlignment = false;

  async *narrate(pieces: AsyncIterable<NarrationPiece>, options: NarrationOptions, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const number = this.calls.length + 1;
    const call: NarrateCall = { options, pieces: [], isTextDone: false, isAborted: false };
    this.calls.push(call);
    signal.addEventListener('abort', () => (call.isAborted = true), { once: true });
    let atMs = 0;
    for await (const { text } of pieces) {
      call.pieces.push(text);
      options.onNotice?.({ type: 'billed', characters: text.length });
      await this.beforeSpeech(number, text);
      if (signal.aborted) return;
      const chars = text.split('');
      const startMs = chars.map((_, index) => atMs + index * FAKE_MS_PER_CHARACTER);
      const durationMs = chars.map(() => FAKE_MS_PER_CHARACTER);
      const pcm = new Int16Array((chars.length * FAKE_MS_PER_CHARACTER * options.sampleRateHz) / 1000).fill(number);
      atMs += chars.length * FAKE_MS_PER_CHARACTER;
      yield this.withoutAlignment ? { pcm } : { pcm, alignment: { chars, startMs, durationMs } };
    }
    call.isTextDone = true;
  }

  /** All text that was given to a call. */
  textOf(call: number): string {
    return this.calls[call - 1].pieces.join('');
  }
}
