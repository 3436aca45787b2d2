import type { AudioCache } from '@parley/audio-cache';
import type { NarrationModel, NarrationProvider, Voice } from '@parley/providers';
import { modelFor, type ScriptProblem } from '@parley/narration';
import { randomUUID } from 'node:crypto';
import type { AudioFiles } from '../audio-files';
import {
  type Episode,
  type EpisodeChanges,
  type EpisodeStore,
  type EpisodeSummary,
  isStoreAway,
  type LeftBehind,
  type Segment,
  type SegmentChange,
} from '../storage';
import type { EpisodeJob, JobOutcome, SegmentQueue } from '../work';
import { EpisodeJoiner } from './episode-joiner';
import type { EpisodeRequest } from './episode-request';
import { EpisodeWatcher } from './episode-watcher';
import { HeldClaims } from './held-claims';
import { liveAudio } from './live-audio';
import { ParallelLimit } from './parallel-limit';
import { PartEncoder } from './part-encoder';
import { PatientQueue } from './patient-queue';
import { type EpisodePlan, planEpisode } from './plan-episode';
import type { RenderingContext, RenderingEvent } from './rendering-context';
import { assemblyJob, SegmentRenderer } from './segment-renderer';
import { SegmentSpeaker } from './segment-speaker';

export interface EpisodesOptions {
  store: EpisodeStore;
  files: AudioFiles;
  cache: AudioCache;
  queue: SegmentQueue;
  provider: NarrationProvider;
  defaultVoiceId: string;
  /** Requests to the vendor at the same time. Default: 4. */
  parallel?: number;
  /** The same for all servers that share the queue; putting together counts as one. Default: `parallel`, because they share an account. */
  parallelOfAll?: number;
  /** How long a claim lasts that is not renewed: after it, the work of a server that was killed is taken over. Default: 15 s. */
  leaseMs?: number;
  onEvent?: (event: RenderingEvent) => void;
  /** How often work is looked for that the queue has lost. An episode is if nothing has changed for so long. Default: 30 s. */
  lookAgainMs?: number;
  /** Milliseconds since the epoch, as the store counts them. */
  now?: () => number;
  /** From 0 to 1, for the spread of retries. */
  random?: () => number;
}

const DEFAULT_PARALLEL = 4;
const DEFAULT_LEASE_MS = 15_000;
const DEFAULT_LOOK_AGAIN_MS = 30_000;
/** How soon a job is tried again that could not be done because the database did not answer. */
const STORE_AWAY_MS = 1_000;
const LIST_TIMEOUT_MS = 5_000;
const VOICES_VALID_MS = 60_000;

/** Makes episodes and keeps them: plans, renders, puts together, delivers, changes and deletes. */
export class Episodes {
  readonly store: EpisodeStore;
  readonly files: AudioFiles;
  readonly #options: EpisodesOptions;
  readonly #queue: SegmentQueue;
  readonly #watcher: EpisodeWatcher;
  readonly #claims: HeldClaims;
  readonly #speaker: SegmentSpeaker;
  readonly #renderer: SegmentRenderer;
  readonly #joiner: EpisodeJoiner;
  #lookAgain: NodeJS.Timeout | undefined;
  #looking = Promise.resolve();
  /** The versions of the unfinished episodes when they were last looked for. */
  #unfinished: ReadonlyMap<string, number> = new Map();
  #models: readonly NarrationModel[] = [];
  #voices: { list: readonly Voice[]; untilMs: number } | undefined;

  constructor(options: EpisodesOptions) {
    const { store, files, queue, provider, cache, leaseMs = DEFAULT_LEASE_MS, onEvent = () => undefined } = options;
    this.#options = options;
    this.store = store;
    this.files = files;
    this.#queue = new PatientQueue(queue, (error) => onEvent({ type: 'error', error }));
    this.#watcher = new EpisodeWatcher(store);
    this.#claims = new HeldClaims(store, leaseMs, (error) => onEvent({ type: 'error', error }));
    const context: RenderingContext = {
      ...{ store, files, queue: this.#queue, leaseMs, owner: randomUUID(), emit: onEvent },
      claims: this.#claims,
      encoder: new PartEncoder(files),
      now: options.now ?? Date.now,
      random: options.random ?? Math.random,
    };
    this.#speaker = new SegmentSpeaker({
      provider,
      cache,
      speaksDialogueOnly: (model) => this.#speaksDialogueOnly(model),
      onNotice: (notice) => onEvent({ type: 'notice', notice }),
    });
    this.#renderer = new SegmentRenderer(context, this.#speaker, new ParallelLimit(options.parallel ?? DEFAULT_PARALLEL));
    this.#joiner = new EpisodeJoiner(context, async ({ id, voiceId }) => void (await this.editSegment(id, { voiceId })));
  }

  /** Begins to work, and goes on with what was not finished. */
  async start(): Promise<void> {
    const { onEvent = () => undefined, parallel = DEFAULT_PARALLEL, parallelOfAll = parallel } = this.#options;
    await this.#queue.work((job, signal) => this.#run(job, signal), {
      // One more, so that an episode is put together while others are spoken.
      concurrency: parallel + 1,
      concurrencyOfAll: parallelOfAll,
      onRestored: () => this.#lookForWork(() => true),
      onError: (_, error) => onEvent({ type: 'error', error }),
    });
    await this.#enqueueUnfinished(() => true);
    // On the others somebody is working.
    const isUnchanged = ({ id, version }: EpisodeSummary): boolean => this.#unfinished.get(id) === version;
    this.#lookAgain = setInterval(() => this.#lookForWork(isUnchanged), this.#options.lookAgainMs ?? DEFAULT_LOOK_AGAIN_MS);
  }

  /** Ends all work at once, and waits until it has ended. What is not finished can be resumed. */
  async close(): Promise<void> {
    clearInterval(this.#lookAgain);
    await this.#looking;
    await this.#queue.close();
    this.#watcher.close();
  }

  async plan(request: EpisodeRequest): Promise<EpisodePlan> {
    const models = await this.models();
    const voices = await this.voices();
    return planEpisode(request, {
      models,
      voices: voices && new Set(voices.map(({ id }) => id)),
      defaultVoiceId: this.#options.defaultVoiceId,
    });
  }

  /** Keeps an episode that was planned without problems, and begins to render it. */
  async create({ problems, episode }: EpisodePlan): Promise<Episode> {
    if (problems.length > 0) throw new RangeError('an episode with problems cannot be made');
    const created = await this.store.createEpisode(episode);
    await this.#enqueue(created.id);
    return created;
  }

  /** All vendor work on it ends at once. Finished segments stay so. */
  async cancel(episodeId: string): Promise<EpisodeSummary | undefined> {
    const summary = await this.store.cancelEpisode(episodeId);
    await this.#queue.remove(episodeId);
    return summary;
  }

  /** Goes on with an episode that was cancelled or has failed. */
  async resume(episodeId: string): Promise<EpisodeSummary | undefined> {
    const summary = await this.store.requeueEpisode(episodeId);
    if (summary) await this.#enqueue(episodeId);
    return summary;
  }

  /** Renders this segment again, before all that waits, and puts the episode together anew. */
  async editSegment(segmentId: string, change: SegmentChange): Promise<Segment | undefined> {
    const segment = await this.store.updateSegment(segmentId, change);
    if (!segment) return undefined;
    // What was being made of it before is ended.
    await this.#claims.renew();
    const { id, episodeId, version, status } = segment;
    if (status === 'waiting') await this.#queue.add([{ type: 'segment', episodeId, segmentId: id, version }], { isUrgent: true });
    await this.#enqueue(episodeId);
    return segment;
  }

  /** What is wrong with a change, at its place in the new text. */
  async checkEdit(segment: Segment, { text, voiceId }: SegmentChange): Promise<ScriptProblem[]> {
    const { speaker, model, settings } = segment;
    const { problems, episode } = await this.plan({
      parts: [{ text: text ?? segment.text, voiceId: voiceId ?? segment.voiceId, model, ...(speaker !== undefined && { speaker }) }],
      model,
      ...(settings && { settings }),
    });
    if (problems.length > 0 || episode.segments.length === 1) return problems;
    return [{ line: 1, column: 1, message: 'A segment is one paragraph, without pauses in it.' }];
  }

  /** A short sentence in a voice, with `EPISODE_SAMPLE_RATE_HZ`. Throws `ProviderError`. */
  async *preview(voiceId: string, name: string | undefined, signal: AbortSignal): AsyncGenerator<Int16Array, void> {
    const model = modelFor('live', await this.models());
    const text = name === undefined ? 'Hello. This is how I sound.' : `Hello, I am ${name}. This is how I sound.`;
    yield* this.#speaker.preview({ text, voiceId, model }, signal);
  }

  /** With its files and with its audio in the cache. */
  async delete(episodeId: string): Promise<LeftBehind | undefined> {
    const removed = await this.store.deleteEpisode(episodeId);
    await this.#queue.remove(episodeId);
    if (!removed) return undefined;
    await this.files.deleteEpisode(episodeId);
    for (const key of removed.cacheKeys) await this.#options.cache.delete(key);
    return removed;
  }

  /** The audio from the beginning, as it is made. See `liveAudio`. */
  audio(episodeId: string, signal: AbortSignal): AsyncGenerator<Int16Array, void> {
    return liveAudio({ store: this.store, files: this.files, watcher: this.#watcher }, episodeId, signal);
  }

  /** What has changed after `version`, as it happens. */
  changes(episodeId: string, version: number, signal: AbortSignal): AsyncGenerator<EpisodeChanges, void> {
    return this.#watcher.changes(episodeId, version, signal);
  }

  async models(): Promise<readonly NarrationModel[]> {
    this.#models = await this.#options.provider.models(AbortSignal.timeout(LIST_TIMEOUT_MS));
    return this.#models;
  }

  /** `undefined` if the vendor does not answer. */
  async voices(): Promise<readonly Voice[] | undefined> {
    const now = performance.now();
    if (this.#voices && now < this.#voices.untilMs) return this.#voices.list;
    try {
      const list = await this.#options.provider.voices(AbortSignal.timeout(LIST_TIMEOUT_MS));
      this.#voices = { list, untilMs: now + VOICES_VALID_MS };
      return list;
    } catch {
      return this.#voices?.list;
    }
  }

  async #enqueueUnfinished(isLost: (episode: EpisodeSummary) => boolean): Promise<void> {
    const found = new Map<string, number>();
    for (const status of ['queued', 'rendering', 'assembling'] as const) {
      for (let after: string | undefined, isLast = false; !isLast;) {
        const page = await this.store.episodes({ status, ...(after !== undefined && { after }) });
        // The oldest first.
        for (const episode of page.items.toReversed()) {
          if (isLost(episode)) await this.#enqueue(episode.id);
          found.set(episode.id, episode.version);
        }
        after = page.next;
        isLast = after === undefined;
      }
    }
    this.#unfinished = found;
  }

  /** In the background, one search after the other. */
  #lookForWork(isLost: (episode: EpisodeSummary) => boolean): void {
    this.#looking = this.#looking
      .then(() => this.#enqueueUnfinished(isLost))
      .catch((error: unknown) => this.#options.onEvent?.({ type: 'error', error }));
  }

  async #enqueue(episodeId: string): Promise<void> {
    const segments = await this.store.segments(episodeId);
    const unfinished = segments.filter(({ status }) => status === 'waiting' || status === 'claimed');
    const newest = segments.reduce((version, segment) => Math.max(version, segment.version), 0);
    await this.#queue.add(
      unfinished.length > 0
        ? unfinished.map(({ id, version }) => ({ type: 'segment', episodeId, segmentId: id, version }))
        : [assemblyJob(episodeId, newest)],
    );
  }

  async #run(job: EpisodeJob, signal: AbortSignal): Promise<JobOutcome> {
    try {
      return await (job.type === 'segment' ? this.#renderer.run(job.segmentId, signal) : this.#joiner.run(job.episodeId, signal));
    } catch (error) {
      if (!isStoreAway(error)) throw error;
      this.#options.onEvent?.({ type: 'error', error });
      return { retryAfterMs: STORE_AWAY_MS };
    }
  }

  #speaksDialogueOnly(id: string): boolean {
    const model = this.#models.find((known) => known.id === id);
    return model ? model.speaksDialogue && !model.streamsText : /^eleven_v[3-9]/.test(id) && !id.includes('turbo');
  }
}
