import { isStoreAway } from '../storage';
import type { JobOutcome } from '../work';
import { MissingSegmentSound } from './episode-parts';
import { writeEpisodeFiles } from './episode-sound-files';
import { type RenderingContext, removeIfDeleted } from './rendering-context';

/** Puts episodes together whose segments are all done. */
export class EpisodeJoiner {
  readonly #context: RenderingContext;
  /** Renders a segment again whose audio is lost. */
  readonly #renderAgain: (segment: { id: string; voiceId: string }) => Promise<void>;

  constructor(context: RenderingContext, renderAgain: (segment: { id: string; voiceId: string }) => Promise<void>) {
    this.#context = context;
    this.#renderAgain = renderAgain;
  }

  async run(episodeId: string, signal: AbortSignal): Promise<JobOutcome> {
    const { store, owner, leaseMs, claims, emit } = this.#context;
    const claimed = await store.claimAssembly({ owner, leaseMs, episodeId });
    if (!claimed) return await this.#whenTaken(episodeId);
    const { episode, claim } = claimed;
    const held = claims.hold('assembly', claim, signal);
    try {
      const { output, chapters } = await writeEpisodeFiles(this.#context, episode, held.signal);
      const done = await store.finishAssembly(claim, output, chapters);
      if (done) emit({ type: 'episode_done', episodeId, durationMs: output.durationMs });
      else await removeIfDeleted(this.#context, episodeId);
    } catch (error) {
      if (isStoreAway(error)) throw error;
      await removeIfDeleted(this.#context, episodeId);
      if (held.signal.aborted) await store.releaseAssembly(claim);
      else if (error instanceof MissingSegmentSound) await this.#renderAgain(error.segment);
      else if (await store.failAssembly(claim, 'The episode could not be put together on the server.'))
        emit({ type: 'episode_failed', episodeId, error });
    } finally {
      held.letGo();
    }
    return undefined;
  }

  /** Another server that is doing it may be killed. */
  async #whenTaken(episodeId: string): Promise<JobOutcome> {
    const changes = await this.#context.store.changes(episodeId, Number.MAX_SAFE_INTEGER);
    return changes?.episode.status === 'assembling' ? { retryAfterMs: this.#context.leaseMs } : undefined;
  }
}
