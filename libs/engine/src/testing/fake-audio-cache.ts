import type { SpeechChunk } from '@parley/providers';
import type { ChunkIdentity, NarrationAudioCache } from '../narration';

/** A cache in memory. */
export class FakeAudioCache implements NarrationAudioCache {
  readonly stored = new Map<string, SpeechChunk>();
  /** The texts that were looked for. */
  readonly asked: string[] = [];
  /** Awaited before each answer. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();

  async find(chunk: ChunkIdentity): Promise<SpeechChunk | undefined> {
    this.asked.push(chunk.text);
    await this.beforeAnswer();
    return this.stored.get(keyOf(chunk));
  }

  store(chunk: ChunkIdentity, speech: SpeechChunk): void {
    this.stored.set(keyOf(chunk), speech);
  }

  get texts(): string[] {
    return [...this.stored.keys()].map((key) => (JSON.parse(key) as ChunkIdentity).text);
  }
}

const keyOf = (chunk: ChunkIdentity): string => JSON.stringify(chunk);
