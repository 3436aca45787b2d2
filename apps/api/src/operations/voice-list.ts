import { Logger } from '@nestjs/common';
import type { VoiceDescription } from '@parley/protocol';
import type { TextToSpeech } from '@parley/providers';

const TIMEOUT_MS = 5_000;
/** How long to wait before a provider that did not answer is asked again. */
const RETRY_AFTER_MS = 60_000;

/** The voices that a conversation may request. The provider is asked only once for simultaneous requests; the page works without the list. */
export class VoiceList {
  private readonly logger = new Logger(VoiceList.name);
  private known: { list: readonly VoiceDescription[]; staleAtMs: number } | undefined;
  private asking: Promise<readonly VoiceDescription[]> | undefined;

  constructor(private readonly textToSpeech: TextToSpeech) {}

  /** Resolves with an empty list when the provider cannot be asked. Never rejects. */
  async list(): Promise<readonly VoiceDescription[]> {
    if (this.known && performance.now() < this.known.staleAtMs) return this.known.list;
    this.asking ??= this.ask();
    return this.asking;
  }

  private async ask(): Promise<readonly VoiceDescription[]> {
    try {
      const voices = await this.textToSpeech.voices(AbortSignal.timeout(TIMEOUT_MS));
      this.known = { list: voices.map(({ id, name }) => ({ id, name })), staleAtMs: Infinity };
    } catch (error) {
      this.logger.warn({ message: 'the voices could not be listed', reason: error instanceof Error ? error.message : 'unknown' });
      this.known = { list: [], staleAtMs: performance.now() + RETRY_AFTER_MS };
    } finally {
      this.asking = undefined;
    }
    return this.known.list;
  }
}
