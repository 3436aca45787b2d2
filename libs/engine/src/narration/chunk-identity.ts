import { createHash } from 'node:crypto';
import type { ChunkIdentity, NarrationChoices, NarratorVoice } from './narration-ports';

/** Names the chunks of one segment. Each name contains all text of the segment before it, since a voice goes by that too. */
export class ChunkIdentities {
  readonly #before = createHash('sha256');

  constructor(
    private readonly choices: NarrationChoices,
    private readonly voice: NarratorVoice,
  ) {}

  /** The name of the next chunk. */
  next(text: string): ChunkIdentity {
    const { model, language, seed, sampleRateHz } = this.choices;
    const before = this.#before.copy().digest('hex');
    this.#before.update(text);
    return {
      ...this.voice,
      model,
      sampleRateHz,
      before,
      text,
      ...(language !== undefined && { language }),
      ...(seed !== undefined && { seed }),
    };
  }
}
