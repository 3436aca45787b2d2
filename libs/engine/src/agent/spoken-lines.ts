import { type EngineLogger, OUTPUT_SAMPLE_RATE_HZ } from '../ports';
import { ProviderError, type TextToSpeech } from '@parley/providers';
import { speakLine } from '../output/speak-line';
import { SpeechCache, type SpeechCacheCounts } from './speech-cache';

/** About three minutes of speech. */
const MAX_BYTES = 8 * 1024 * 1024;
/** How many lines may be prepared at the same time, so that clients with many different voices do not cause as many requests. */
const MAX_PREPARING = 4;

export interface SpokenLinesOptions {
  textToSpeech: TextToSpeech;
  /** False if there is no voice to speak with. */
  available: boolean;
  logger: EngineLogger;
}

/**
 * Sentences that are always the same, synthesised once for each voice. Shared by all conversations, and shut down by whoever has created it.
 */
export class SpokenLines {
  private readonly cache = new SpeechCache(MAX_BYTES);
  private readonly preparing = new Map<string, Promise<void>>();
  private readonly shutdown = new AbortController();

  constructor(private readonly options: SpokenLinesOptions) {}

  get counts(): SpeechCacheCounts {
    return this.cache.counts;
  }

  /** Stops all synthesis. Idempotent. */
  close(): void {
    this.shutdown.abort();
  }

  /** Read-only PCM (16-bit mono at the output rate). If there is none yet, returns undefined and prepares it for the next time. */
  take(text: string, voiceId: string | undefined): Int16Array | undefined {
    const pcm = this.cache.get(keyOf(text, voiceId));
    if (pcm === undefined) void this.prepare(text, voiceId);
    return pcm;
  }

  /** Resolves when the line is ready or its synthesis has failed. Never rejects. */
  prepare(text: string, voiceId: string | undefined): Promise<void> {
    const key = keyOf(text, voiceId);
    const running = this.preparing.get(key);
    if (running) return running;
    const isFull = this.preparing.size >= MAX_PREPARING;
    if (isFull || this.cache.has(key) || this.shutdown.signal.aborted || !this.options.available) return Promise.resolve();
    const work = this.speak(text, voiceId, key).finally(() => this.preparing.delete(key));
    this.preparing.set(key, work);
    return work;
  }

  private async speak(text: string, voiceId: string | undefined, key: string): Promise<void> {
    const { signal } = this.shutdown;
    const session = this.options.textToSpeech.open(
      { sampleRateHz: OUTPUT_SAMPLE_RATE_HZ, ...(voiceId !== undefined && { voiceId }) },
      signal,
    );
    try {
      const pcm = await speakLine(session, text, signal);
      if (pcm) this.cache.set(key, pcm);
    } catch (error) {
      const code = error instanceof ProviderError ? error.code : 'unknown';
      this.options.logger.warn('a fixed sentence could not be spoken ahead', { code });
    } finally {
      await session.close();
    }
  }
}

const keyOf = (text: string, voiceId = ''): string => `${voiceId}\n${text}`;
