import { type EpisodeChanges, type EpisodeStore, isStoreAway } from '../storage';

/** Reports of changes can be lost, so they are asked for now and then as well. */
const ASK_AGAIN_MS = 2_000;

/** Follows what becomes of episodes. */
export class EpisodeWatcher {
  readonly #store: EpisodeStore;
  readonly #wakes = new Map<string, Set<() => void>>();
  readonly #stop: () => void;

  constructor(store: EpisodeStore) {
    this.#store = store;
    this.#stop = store.onChange((episodeId) => this.#wake(episodeId));
  }

  /**
   * What has changed after `version`, again and again; several changes may come as one, if the reader is slow. Ends when the episode does not
   * exist (any more), or when `signal` aborts.
   */
  async *changes(episodeId: string, version: number, signal: AbortSignal): AsyncGenerator<EpisodeChanges, void> {
    let seen = version;
    while (!signal.aborted) {
      const changes = await this.#next(episodeId, seen, signal);
      if (!changes || signal.aborted) return;
      if (changes === 'away' || changes.episode.version <= seen) continue;
      seen = changes.episode.version;
      yield changes;
    }
  }

  /** The changes that there are, or else none as soon as there may be some. */
  async #next(episodeId: string, seen: number, signal: AbortSignal): Promise<EpisodeChanges | 'away' | undefined> {
    // Listened for before the question, so that no change is missed in between.
    const change = this.#change(episodeId, signal);
    try {
      const changes = await this.#ask(episodeId, seen);
      const isNews = changes !== 'away' && (!changes || changes.episode.version > seen);
      if (!isNews && !signal.aborted) await change.happened;
      return changes;
    } finally {
      change.forget();
    }
  }

  close(): void {
    this.#stop();
    for (const episodeId of [...this.#wakes.keys()]) this.#wake(episodeId);
  }

  /** While the database is away, the listeners are told nothing. */
  async #ask(episodeId: string, version: number): Promise<EpisodeChanges | 'away' | undefined> {
    try {
      return await this.#store.changes(episodeId, version);
    } catch (error) {
      if (isStoreAway(error)) return 'away';
      throw error;
    }
  }

  #wake(episodeId: string): void {
    for (const wake of [...(this.#wakes.get(episodeId) ?? [])]) wake();
  }

  #change(episodeId: string, signal: AbortSignal): { happened: Promise<void>; forget: () => void } {
    let resolve: () => void = () => undefined;
    const happened = new Promise<void>((settle) => (resolve = settle));
    const wakes = this.#wakes.get(episodeId) ?? new Set();
    this.#wakes.set(episodeId, wakes.add(resolve));
    const timer = setTimeout(resolve, ASK_AGAIN_MS);
    signal.addEventListener('abort', resolve);
    const forget = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', resolve);
      wakes.delete(resolve);
      if (wakes.size === 0 && this.#wakes.get(episodeId) === wakes) this.#wakes.delete(episodeId);
    };
    return { happened, forget };
  }
}
