import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AudioCache, type AudioCacheCounts } from '@parley/audio-cache';
import { Once } from '@parley/providers';
import { SETTINGS, type Settings } from '../config/settings';

/**
 * The audio cache of this server, under `DATA_DIR`, for everything that is spoken more than once. Nothing is opened or written before it is asked
 * for, so that a server for conversations needs no folder.
 */
@Injectable()
export class SharedAudioCache implements OnApplicationShutdown {
  private readonly opening = new Once(() => this.openFolder());
  private cache: AudioCache | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'episodes'>) {}

  /** There once it is open. */
  get counts(): AudioCacheCounts | undefined {
    return this.cache?.counts;
  }

  /** Opens it if it is not. Rejects if the folder cannot be used; the next call tries again. */
  open(): Promise<AudioCache> {
    return this.opening.get();
  }

  /** After everything that uses it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.cache?.close();
  }

  private async openFolder(): Promise<AudioCache> {
    const { dataDir, cacheMaxBytes } = this.settings.episodes;
    const folder = resolve(dataDir);
    // A cache that is turned off needs no folder.
    if (cacheMaxBytes > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
    this.cache = await AudioCache.open({ directory: join(folder, 'cache'), maxBytes: cacheMaxBytes });
    return this.cache;
  }
}
