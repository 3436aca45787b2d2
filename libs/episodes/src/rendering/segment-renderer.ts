import { prepareSegment } from '../sound';
import { ProviderError } from '@parley/providers';
import { type ClaimedSegment, type Episode, isStoreAway, type Segment } from '../storage';
import type { EpisodeJob, JobOutcome } from '../work';
import { encodeAhead } from './encode-ahead';
import type { ParallelLimit } from './parallel-limit';
import { isBusy, judgeFailure } from './render-failure';
import { type RenderingContext, removeIfDeleted } from './rendering-context';
import { writeSegmentSound } from './segment-audio';
import { EPISODE_SAMPLE_RATE_HZ, type SegmentContext, type SegmentSpeaker, type SegmentSpeech } from './segment-speaker';

/** What the vendor makes use of. */
const CONTEXT_CHARACTERS = 300;
/** How soon a segment that somebody else works on is looked at again, beyond the end of their claim. */
const AFTER_CLAIM_MS = 50;

/** Renders one segment: has it spoken, prepares its sound, writes it to its file and notes that it is done. */
export class SegmentRenderer {
  readonly #context: RenderingContext;
  readonly #speaker: SegmentSpeaker;
  readonly #limit: ParallelLimit;

  constructor(context: RenderingContext, speaker: SegmentSpeaker, limit: ParallelLimit) {
    this.#context = context;
    this.#speaker = speaker;
    this.#limit = limit;
  }

  async run(segmentId: string, signal: AbortSignal): Promise<JobOutcome> {
    const leave = await this.#limit.enter(signal);
    if (!leave) return undefined;
    try {
      const { store, owner, leaseMs } = this.#context;
      const claimed = await store.claimSegment(segmentId, { owner, leaseMs });
      return claimed ? await this.#render(claimed, leave, signal) : await this.#whenTaken(segmentId);
    } finally {
      leave();
    }
  }

  async #whenTaken(segmentId: string): Promise<JobOutcome> {
    const segment = await this.#context.store.segment(segmentId);
    if (segment?.status !== 'claimed' || !segment.claim) return undefined;
    const { now, leaseMs } = this.#context;
    // The clock of the database may be another one.
    return { retryAfterMs: Math.min(leaseMs, Math.max(0, segment.claim.expiresAtMs - now())) + AFTER_CLAIM_MS };
  }

  async #render(segment: ClaimedSegment, leave: () => void, signal: AbortSignal): Promise<JobOutcome> {
    const { store, claims } = this.#context;
    const held = claims.hold('segment', segment.claim, signal);
    try {
      const episode = await store.episode(segment.episodeId);
      const speech = episode && (await this.#speak(segment, episode, held.signal));
      if (!speech || held.signal.aborted) {
        // So that another server need not wait for the claim to expire. Does nothing if the claim is lost.
        await store.releaseSegment(segment.claim);
        return undefined;
      }
      this.#limit.succeeded();
      // The vendor can speak the next one, while this one is prepared and encoded.
      leave();
      return await this.#keep(segment, speech, held.signal);
    } catch (error) {
      return await this.#fail(segment, error, held.signal);
    } finally {
      held.letGo();
    }
  }

  async #speak(segment: Segment, episode: Episode, signal: AbortSignal): Promise<SegmentSpeech | undefined> {
    const from = Math.max(0, segment.index - 1);
    const around = await this.#context.store.segments(segment.episodeId, { from, limit: 3 });
    const speech = await this.#speaker.speak(segment, episode, contextOf(segment, around), signal);
    if (speech?.pcm.length === 0) throw new ProviderError('narration', 'bad_response', 'the vendor sent no audio');
    return speech;
  }

  async #keep(segment: ClaimedSegment, speech: SegmentSpeech, signal: AbortSignal): Promise<JobOutcome> {
    const { store, files, emit } = this.#context;
    const { key, cached, billedCharacters, fallbacks } = speech;
    const { pcm, measurement, alignment } = await prepareSegment({
      pcm: speech.pcm,
      sampleRateHz: EPISODE_SAMPLE_RATE_HZ,
      ...(speech.alignment && { alignment: speech.alignment }),
    });
    if (signal.aborted) {
      await store.releaseSegment(segment.claim);
      return undefined;
    }
    await writeSegmentSound(files, segment.episodeId, segment.id, pcm, { measurement, key });
    const durationMs = (pcm.length * 1_000) / EPISODE_SAMPLE_RATE_HZ;
    const done = await store.finishSegment(segment.claim, {
      ...{ cacheKey: key, durationMs, billedCharacters, cached, fallbacks },
      ...(alignment && {
        alignment: { chars: [...alignment.chars], startMs: [...alignment.startMs], durationMs: [...alignment.durationMs] },
      }),
    });
    if (!done) {
      await removeIfDeleted(this.#context, segment.episodeId);
      return undefined;
    }
    emit({ type: 'segment_done', episodeId: segment.episodeId, cached, billedCharacters, durationMs });
    if (done.index === 0) await this.#noteFirstAudio(done);
    await encodeAhead(this.#context, done, signal);
    await this.#assembleIfLast(done);
    return undefined;
  }

  async #noteFirstAudio({ episodeId, version }: Segment): Promise<void> {
    const { store, now } = this.#context;
    const startedAtMs = (await store.changes(episodeId, version))?.episode.startedAtMs;
    if (startedAtMs !== undefined) await store.updateEpisode(episodeId, { firstAudioMs: Math.max(0, now() - startedAtMs) });
  }

  async #assembleIfLast({ episodeId, version }: Segment): Promise<void> {
    const { store, queue } = this.#context;
    const changes = await store.changes(episodeId, version);
    if (!changes) return await removeIfDeleted(this.#context, episodeId);
    const { progress, version: newest } = changes.episode;
    if (progress.done === progress.total) await queue.add([assemblyJob(episodeId, newest)], { isUrgent: true });
  }

  async #fail(segment: ClaimedSegment, error: unknown, signal: AbortSignal): Promise<JobOutcome> {
    // What was spoken is in the audio cache, and can be noted when the database is back.
    if (isStoreAway(error)) throw error;
    const { store, queue, emit, random } = this.#context;
    if (signal.aborted) {
      await store.releaseSegment(segment.claim);
      await removeIfDeleted(this.#context, segment.episodeId);
      return undefined;
    }
    if (isBusy(error)) this.#limit.refused();
    const { message, retry } = judgeFailure(error, segment.attempts, random);
    emit({ type: 'segment_failed', episodeId: segment.episodeId, error, willRetry: retry !== undefined });
    const failed = await store.failSegment(segment.claim, message, { retry: retry !== undefined });
    if (!failed || retry) return retry;
    // The episode has failed with it: what else is being made of it would be billed for nothing.
    await queue.remove(segment.episodeId);
    emit({ type: 'episode_failed', episodeId: segment.episodeId, error });
    return undefined;
  }
}

export const assemblyJob = (episodeId: string, version: number): EpisodeJob => ({ type: 'assembly', episodeId, version });

function contextOf(segment: Segment, around: readonly Segment[]): SegmentContext {
  const neighbour = (index: number): string | undefined =>
    around.find((other) => other.index === index && other.voiceId === segment.voiceId && other.chapter === segment.chapter)?.text;
  const previousText = neighbour(segment.index - 1)?.slice(-CONTEXT_CHARACTERS);
  const nextText = neighbour(segment.index + 1)?.slice(0, CONTEXT_CHARACTERS);
  return { ...(previousText !== undefined && { previousText }), ...(nextText !== undefined && { nextText }) };
}
