import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  ServiceUnavailableException,
} from '@nestjs/common';
import { AudioCache, type AudioCacheCounts } from '@parley/audio-cache';
import { describeError } from '@parley/engine';
import { AudioFiles, Episodes, LocalSegmentQueue, openSqliteEpisodeStore } from '@parley/episodes';
import type { NarrationProvider } from '@parley/providers';
import { SETTINGS, type Settings } from '../config/settings';
import { NARRATION_DEFAULTS, type NarrationDefaults } from '../engines/narration/narration-defaults';
import { NARRATION_PROVIDER } from '../engines/narration/narration-provider.token';
import type { StageProvider } from '../providers/stage-providers';
import { EpisodeMetrics } from '../telemetry/episode-metrics';

interface OpenLibrary {
  episodes: Episodes;
  cache: AudioCache;
  close: () => Promise<void>;
}

const RECORDS = 'episodes.sqlite';

/**
 * The episodes of this server, under `DATA_DIR`. Nothing is opened or written before the first of them is asked for, so that a server for
 * conversations needs no folder; if there are any from before, those that were not finished are gone on with at the start.
 */
@Injectable()
export class EpisodeLibrary implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EpisodeLibrary.name);
  private readonly folder: string;
  private readonly closing = new AbortController();
  private opening: Promise<OpenLibrary> | undefined;
  private openCache: AudioCache | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'episodes'>,
    @Inject(NARRATION_PROVIDER) private readonly stage: StageProvider<NarrationProvider>,
    @Inject(NARRATION_DEFAULTS) private readonly defaults: NarrationDefaults,
    @Inject(EpisodeMetrics) private readonly metrics: EpisodeMetrics,
  ) {
    this.folder = resolve(settings.episodes.dataDir);
    metrics.readCache(() => this.cacheCounts);
  }

  /** Aborts when the server shuts down: what is sent for longer ends then. */
  get ending(): AbortSignal {
    return this.closing.signal;
  }

  get cacheCounts(): AudioCacheCounts | undefined {
    return this.openCache?.counts;
  }

  onApplicationBootstrap(): void {
    if (!existsSync(join(this.folder, RECORDS))) return;
    // The server takes conversations meanwhile.
    this.episodes().catch((error: unknown) => this.logger.error({ message: 'episodes cannot be opened', error: describeError(error) }));
  }

  /** Opens them if they are not. Rejects with `ServiceUnavailableException` if the folder cannot be used; the next call tries again. */
  async episodes(): Promise<Episodes> {
    if (this.closing.signal.aborted) throw new ServiceUnavailableException({ message: 'The server is shutting down.' });
    this.opening ??= this.open();
    try {
      return (await this.opening).episodes;
    } catch (error) {
      this.opening = undefined;
      this.logger.error({ message: 'episodes cannot be opened', folder: this.folder, error: describeError(error) });
      throw new ServiceUnavailableException({ message: 'The server cannot open its folder for episodes.' });
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    const library = await this.opening?.catch(() => undefined);
    await library?.close();
  }

  private async open(): Promise<OpenLibrary> {
    const { cacheMaxBytes, parallel } = this.settings.episodes;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const cache = await AudioCache.open({ directory: join(this.folder, 'cache'), maxBytes: cacheMaxBytes });
    const files = await AudioFiles.open(join(this.folder, 'episodes'));
    const store = openSqliteEpisodeStore({ path: join(this.folder, RECORDS) });
    const episodes = new Episodes({
      ...{ store, files, cache, parallel, queue: new LocalSegmentQueue() },
      provider: this.stage.port,
      defaultVoiceId: this.defaults.voiceId,
      onEvent: (event) => {
        this.metrics.count(event);
        if ('error' in event) this.logger.warn({ message: event.type, error: describeError(event.error) });
      },
    });
    const close = async (): Promise<void> => {
      await episodes.close();
      await cache.close();
      await store.close();
    };
    try {
      await episodes.start();
    } catch (error) {
      await close();
      throw error;
    }
    this.openCache = cache;
    return { episodes, cache, close };
  }
}
