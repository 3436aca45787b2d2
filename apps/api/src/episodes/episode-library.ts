import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  ServiceUnavailableException,
} from '@nestjs/common';
import { describeError } from '@parley/engine';
import { AudioFiles, Episodes, isStoreAway } from '@parley/episodes';
import type { NarrationProvider } from '@parley/providers';
import {
  NARRATION_DEFAULTS,
  NARRATION_PROVIDER,
  type NarrationDefaults,
  type Settings,
  SETTINGS,
  SharedAudioCache,
  type StageProvider,
} from '@parley/server';
import { EpisodeMetrics } from './episode-metrics';
import { OpenAnswers } from './open-answers';
import { openStorage, RECORDS, type Service, ServiceFailure, TAKE_OVER_AFTER_MS } from './open-storage';
import { ServiceHealth, type ServiceReport } from './service-health';
import { FolderNotShared } from './shared-folder';

interface OpenLibrary {
  episodes: Episodes;
  health: ServiceHealth;
  close: () => Promise<void>;
}

/** How soon the services are tried again that did not answer at the start. */
const RETRY_AFTER_MS = 2_000;
const TELL_AGAIN_AFTER_MS = 60_000;
const NOT_SHARED = 'Several processes make episodes together only with DATABASE_URL and REDIS_URL.';

/**
 * The episodes of this server, under `DATA_DIR`. Nothing is opened or written before the first of them is asked for, so that a server for
 * conversations needs no folder; if there are any from before, those that were not finished are gone on with at the start. A server of a
 * shared database opens them at once, because there may be work of other servers.
 */
@Injectable()
export class EpisodeLibrary implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EpisodeLibrary.name);
  private readonly folder: string;
  /** The answers that last. */
  readonly answers = new OpenAnswers();
  private readonly closing = new AbortController();
  private opening: Promise<OpenLibrary> | undefined;
  private retrying: Promise<void> | undefined;
  private openLibrary: OpenLibrary | undefined;
  private failure: ServiceReport = {};
  private readonly silentUntilMs: Partial<Record<Service, number>> = {};

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'episodes' | 'rooms' | 'lifecycle'>,
    @Inject(NARRATION_PROVIDER) private readonly stage: StageProvider<NarrationProvider>,
    @Inject(NARRATION_DEFAULTS) private readonly defaults: NarrationDefaults,
    @Inject(EpisodeMetrics) private readonly metrics: EpisodeMetrics,
    @Inject(SharedAudioCache) private readonly audioCache: SharedAudioCache,
  ) {
    this.folder = resolve(settings.episodes.dataDir);
    metrics.readCache(() => audioCache.counts);
    metrics.readOpenAnswers(() => this.answers.open);
  }

  /** Aborts when the server shuts down: what is sent for longer ends then. */
  get ending(): AbortSignal {
    return this.closing.signal;
  }

  onApplicationBootstrap(): void {
    const { databaseUrl, redisUrl } = this.settings.episodes;
    if (redisUrl !== undefined && databaseUrl === undefined && this.settings.rooms === undefined)
      this.logger.warn({ message: 'REDIS_URL is not used without DATABASE_URL or rooms' });
    if (this.isUnshared) return;
    // The server takes conversations meanwhile.
    if (databaseUrl !== undefined) this.retrying = this.openAtLast();
    else if (existsSync(join(this.folder, RECORDS))) this.episodes().catch(() => undefined);
  }

  /** Whether other processes serve the same port, which know nothing of this one's episodes and would do its work a second time. */
  private get isUnshared(): boolean {
    const { episodes, lifecycle } = this.settings;
    return lifecycle.processes > 1 && (episodes.databaseUrl === undefined || episodes.redisUrl === undefined);
  }

  /** Why nothing can be spoken; undefined if it can. */
  get speechProblem(): string | undefined {
    if (this.isUnshared) return NOT_SHARED;
    const { available, detail } = this.stage;
    return available ? undefined : (detail ?? 'There is no voice on this server.');
  }

  /** Opens them if they are not. Rejects with `ServiceUnavailableException` if they cannot be; the next call tries again. */
  async episodes(): Promise<Episodes> {
    if (this.isUnshared) throw new ServiceUnavailableException({ message: NOT_SHARED });
    if (this.closing.signal.aborted) throw new ServiceUnavailableException({ message: 'The server is shutting down.' });
    this.opening ??= this.open();
    try {
      return (await this.opening).episodes;
    } catch (error) {
      this.opening = undefined;
      this.tell(error);
      throw new ServiceUnavailableException({ message: 'The server cannot open its episodes.' });
    }
  }

  /** How the services are that episodes depend on; undefined if they depend on none. Never rejects. */
  async health(): Promise<ServiceReport | undefined> {
    if (this.settings.episodes.databaseUrl === undefined) return undefined;
    return (await this.openLibrary?.health.report()) ?? this.failure;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.retrying;
    const library = await this.opening?.catch(() => undefined);
    await library?.close();
  }

  /** Tries until it succeeds or the server shuts down. Never rejects. */
  private async openAtLast(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted && !(await this.episodes().catch(() => undefined)))
      await setTimeout(RETRY_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }

  private tell(error: unknown): void {
    const cause = error instanceof ServiceFailure ? error.cause : error;
    const service = error instanceof ServiceFailure ? error.service : undefined;
    const report: ServiceReport = service ? { [service]: cause instanceof FolderNotShared ? 'unusable' : 'away' } : {};
    const isKnown = service !== undefined && this.failure[service] === report[service];
    this.failure = report;
    // Once, and not at each attempt.
    if (isKnown) return;
    const details = { folder: this.folder, ...(service && { service }), error: describeError(cause) };
    const isAway = service === 'redis' || isStoreAway(cause);
    if (isAway) this.logger.warn({ message: 'episodes cannot be opened yet', ...details });
    else this.logger.error({ message: cause instanceof FolderNotShared ? cause.message : 'episodes cannot be opened', ...details });
  }

  /** Connections are lost again and again while a service is away, which is told now and then. */
  private lost(service: Service, error: Error): void {
    if (performance.now() < (this.silentUntilMs[service] ?? 0)) return;
    this.silentUntilMs[service] = performance.now() + TELL_AGAIN_AFTER_MS;
    this.logger.warn({ message: 'a connection was lost', service, error: describeError(error) });
  }

  private async open(): Promise<OpenLibrary> {
    const { parallel, parallelTotal } = this.settings.episodes;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const cache = await this.audioCache.open();
    const files = await AudioFiles.open(join(this.folder, 'episodes'));
    const { store, queue } = await openStorage(this.settings.episodes, this.folder, (service, error) => this.lost(service, error));
    const episodes = new Episodes({
      ...{ store, files, cache, queue, parallel, parallelOfAll: parallelTotal, leaseMs: TAKE_OVER_AFTER_MS },
      provider: this.stage.port,
      defaultVoiceId: this.defaults.voiceId,
      onEvent: (event) => {
        this.metrics.count(event);
        if ('error' in event) this.logger.warn({ message: event.type, error: describeError(event.error) });
      },
    });
    const close = async (): Promise<void> => {
      await episodes.close();
      await store.close();
    };
    try {
      await episodes.start();
    } catch (error) {
      await close();
      throw error;
    }
    const health = new ServiceHealth({
      postgres: () => store.shows({ limit: 1 }).then(() => true),
      ...(this.settings.episodes.redisUrl !== undefined && { redis: () => queue.answers() }),
    });
    return (this.openLibrary = { episodes, health, close });
  }
}
