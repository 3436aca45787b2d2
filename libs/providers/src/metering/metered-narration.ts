import type { NarrationOptions, NarrationPiece, NarrationProvider } from '../ports/narration';
import type { SpeechChunk } from '../ports/text-to-speech';
import { UsageRefused, type UsageMeter } from '../ports/usage-meter';

/**
 * Live narration whose characters are counted. The piece that reaches the limit is still spoken; after its speech the stream fails with
 * `UsageRefused` if there is more text.
 */
export class MeteredNarration implements Pick<NarrationProvider, 'narrate'> {
  constructor(
    private readonly narration: Pick<NarrationProvider, 'info' | 'narrate'>,
    private readonly meter: UsageMeter,
  ) {}

  async *narrate(pieces: AsyncIterable<NarrationPiece>, options: NarrationOptions, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const { meter } = this;
    let isRefused = false;
    async function* counted(): AsyncGenerator<NarrationPiece, void> {
      for await (const piece of pieces) {
        isRefused = !meter.allows('voice_characters');
        if (isRefused) return;
        meter.spend('voice_characters', piece.text.length);
        yield piece;
      }
    }
    yield* this.narration.narrate(counted(), options, signal);
    if (isRefused && !signal.aborted) throw new UsageRefused(this.narration.info.name);
  }
}
