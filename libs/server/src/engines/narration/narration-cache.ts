import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AudioCache, VoiceIdentity } from '@parley/audio-cache';
import { type ChunkIdentity, describeError, type NarrationAudioCache } from '@parley/engine';
import type { NarrationProvider, ProviderInfo, SpeechChunk } from '@parley/providers';
import { SharedAudioCache } from '../../audio-cache/shared-audio-cache';
import type { StageProvider } from '../../providers/stage-providers';
import { NARRATION_PROVIDER } from './narration-provider.token';

/** The chunks of live narrations in the audio cache. Without a folder that can be used, every narration is spoken by the vendor. */
@Injectable()
export class NarrationCache implements NarrationAudioCache {
  private readonly logger = new Logger(NarrationCache.name);
  private cache: Promise<AudioCache | undefined> | undefined;

  constructor(
    @Inject(SharedAudioCache) private readonly shared: Pick<SharedAudioCache, 'open'>,
    @Inject(NARRATION_PROVIDER) private readonly stage: Pick<StageProvider<NarrationProvider>, 'port'>,
  ) {}

  /** Opens the cache, so that the first text of a narration does not wait for that. */
  prepare(): void {
    void this.open();
  }

  async find(chunk: ChunkIdentity): Promise<SpeechChunk | undefined> {
    const cache = await this.open();
    const [speech, ...others] = (await cache?.take(identityOf(chunk, this.stage.port.info))) ?? [];
    return others.length === 0 ? speech : undefined;
  }

  store(chunk: ChunkIdentity, speech: SpeechChunk): void {
    void this.open().then((cache) => cache?.put(identityOf(chunk, this.stage.port.info), [speech]));
  }

  private open(): Promise<AudioCache | undefined> {
    this.cache ??= this.shared.open().catch((error: unknown) => {
      this.logger.warn({ message: 'live narrations are not cached', error: describeError(error) });
      return undefined;
    });
    return this.cache;
  }
}

function identityOf({ before, ...chunk }: ChunkIdentity, { name, simulated }: ProviderInfo): VoiceIdentity {
  // What the simulator speaks is not what the vendor would.
  return { ...chunk, provider: simulated ? `${name} (simulated)` : name, previousText: `narration ${before}` };
}
