import { Logger } from '@nestjs/common';
import type { VoiceDescription } from '@parley/protocol';
import type { TextToSpeech } from '@parley/providers';

const TIMEOUT_MS = 5_000;
/** A vendor that did not answer is asked again after this long. */
const RETRY_AFTER_MS = 60_000;

/** The voices that a conversation may ask for. The vendor is asked once, however many want to know at the same time; the page works without. */
export class VoiceList {
  private readonly logger = new Logger(VoiceList.name);
  private known: { list: readonly VoiceDescription[]; staleAtMs: number } | undefined;
  private asking: Promise<readonly VoiceDescription[]> | undefined;

  constructor(private readonly textToSpeech: TextToSpeech) {}

  /** Empty when the vendor cannot be asked. Never rejects. */
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
