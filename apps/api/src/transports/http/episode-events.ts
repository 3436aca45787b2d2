import type { Episodes, EpisodeSummary } from '@parley/episodes';
import type { VersionedEvent } from './send-events';
import { toEpisode, toOutput, toSegment } from './episode-wire';

/** What happens to an episode in the words of the wire, from now on: first the whole episode, and again where its script is another. */
export async function* episodeEvents(episodes: Episodes, id: string, signal: AbortSignal): AsyncGenerator<VersionedEvent, void> {
  const first = await wholeEpisode(episodes, id);
  if (!first) return;
  yield first.event;
  let last: EpisodeSummary = first.episode;
  for await (const { episode, segments, isNewScript } of episodes.changes(id, first.episode.version, signal)) {
    const { version, progress } = episode;
    if (isNewScript) {
      const whole = await wholeEpisode(episodes, id);
      if (whole) yield whole.event;
    } else {
      const { done, total } = progress;
      for (const segment of segments) yield { version, event: { type: 'segment', segment: toSegment(segment), progress: { done, total } } };
      if (hasEnded(episode, last)) {
        const whole = await wholeEpisode(episodes, id);
        if (whole) yield whole.event;
      }
      if (episode.status !== last.status || hasEnded(episode, last)) yield stateEvent(episode);
    }
    last = episode;
  }
}

/** Then it is known where each segment and each chapter begins. */
const hasEnded = (now: EpisodeSummary, before: EpisodeSummary): boolean => now.status === 'completed' && before.status !== 'completed';

function stateEvent({ version, status, error, output }: EpisodeSummary): VersionedEvent {
  const rest = { ...(error !== undefined && { error }), ...(status === 'completed' && output && { output: toOutput(output) }) };
  return { version, event: { type: 'state', state: status, ...rest } };
}

async function wholeEpisode(episodes: Episodes, id: string) {
  const episode = await episodes.store.episode(id);
  if (!episode) return undefined;
  const segments = await episodes.store.segments(id);
  const event: VersionedEvent = { version: episode.version, event: { type: 'episode', episode: toEpisode(episode, segments) } };
  return { episode, event };
}
