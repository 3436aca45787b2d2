import {
  type DialogueChunk,
  type DialogueRequest,
  type NarrationModel,
  type NarrationOptions,
  type NarrationPiece,
  type NarrationProvider,
  Once,
  type ProviderInfo,
  type SegmentRequest,
  type SpeechChunk,
  type Voice,
} from '@parley/providers';

export interface OnDemandNarrationOptions {
  info: ProviderInfo;
  make: () => Promise<NarrationProvider>;
}

/** Narration whose provider is made when it is first needed. */
export class OnDemandNarration implements NarrationProvider {
  readonly info: ProviderInfo;
  private readonly provider: Once<NarrationProvider>;

  constructor({ info, make }: OnDemandNarrationOptions) {
    this.info = info;
    this.provider = new Once(make);
  }

  async *narrate(pieces: AsyncIterable<NarrationPiece>, options: NarrationOptions, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    yield* (await this.provider.get()).narrate(pieces, options, signal);
  }

  async *speakSegment(request: SegmentRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    yield* (await this.provider.get()).speakSegment(request, signal);
  }

  async *speakDialogue(request: DialogueRequest, signal: AbortSignal): AsyncGenerator<DialogueChunk> {
    yield* (await this.provider.get()).speakDialogue(request, signal);
  }

  async models(signal: AbortSignal): Promise<readonly NarrationModel[]> {
    return (await this.provider.get()).models(signal);
  }

  async voices(signal: AbortSignal): Promise<Voice[]> {
    return (await this.provider.get()).voices(signal);
  }

  /** Does nothing if no provider was made. */
  async close(): Promise<void> {
    const provider = await this.provider.current?.catch(() => undefined);
    await provider?.close();
  }
}
