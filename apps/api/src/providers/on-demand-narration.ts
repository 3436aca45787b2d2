import type {
  DialogueChunk,
  DialogueRequest,
  NarrationModel,
  NarrationOptions,
  NarrationPiece,
  NarrationProvider,
  ProviderInfo,
  SegmentRequest,
  SpeechChunk,
  Voice,
} from '@parley/providers';

export interface OnDemandNarrationOptions {
  info: ProviderInfo;
  make: () => Promise<NarrationProvider>;
}

/** Narration whose provider is made when it is first needed. */
export class OnDemandNarration implements NarrationProvider {
  readonly info: ProviderInfo;
  private making: Promise<NarrationProvider> | undefined;

  constructor(private readonly options: OnDemandNarrationOptions) {
    this.info = options.info;
  }

  async *narrate(pieces: AsyncIterable<NarrationPiece>, options: NarrationOptions, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    yield* (await this.provider()).narrate(pieces, options, signal);
  }

  async *speakSegment(request: SegmentRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    yield* (await this.provider()).speakSegment(request, signal);
  }

  async *speakDialogue(request: DialogueRequest, signal: AbortSignal): AsyncGenerator<DialogueChunk> {
    yield* (await this.provider()).speakDialogue(request, signal);
  }

  async models(signal: AbortSignal): Promise<readonly NarrationModel[]> {
    return (await this.provider()).models(signal);
  }

  async voices(signal: AbortSignal): Promise<Voice[]> {
    return (await this.provider()).voices(signal);
  }

  /** Does nothing if no provider was made. */
  async close(): Promise<void> {
    const provider = await this.making?.catch(() => undefined);
    await provider?.close();
  }

  private async provider(): Promise<NarrationProvider> {
    this.making ??= this.options.make();
    try {
      return await this.making;
    } catch (error) {
      // The next caller tries again.
      this.making = undefined;
      throw error;
    }
  }
}
