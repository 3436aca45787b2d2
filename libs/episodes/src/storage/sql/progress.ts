import type { EpisodeProgress, SegmentStatus } from '../records';
import { number, text } from './rows';
import type { SqlTransaction } from './sql-database';

/** The progress of each of the episodes that has segments. */
export async function progressOf(transaction: SqlTransaction, ids: readonly string[]): Promise<(id: string) => EpisodeProgress> {
  const found = new Map<string, EpisodeProgress>();
  if (ids.length === 0) return noProgress;
  const rows = await transaction.query(
    `SELECT episode_id, status, count(*) AS segments, coalesce(sum(duration_ms), 0) AS duration_ms,
       coalesce(sum(billed_characters), 0) AS billed_characters, coalesce(sum(cached), 0) AS cache_hits,
       coalesce(sum(fallbacks), 0) AS fallbacks, sum(CASE WHEN attempts > 1 THEN attempts - 1 ELSE 0 END) AS retries
     FROM segments WHERE episode_id IN (${ids.map((_, i) => `$${i + 1}`).join(', ')}) GROUP BY episode_id, status`,
    ...ids,
  );
  for (const row of rows) {
    const id = text(row['episode_id']);
    const progress = found.get(id) ?? noProgress();
    const segments = number(row['segments']);
    progress[text(row['status']) as SegmentStatus] = segments;
    progress.total += segments;
    progress.durationMs += number(row['duration_ms']);
    progress.billedCharacters += number(row['billed_characters']);
    progress.cacheHits += number(row['cache_hits']);
    progress.fallbacks += number(row['fallbacks']);
    progress.retries += number(row['retries']);
    found.set(id, progress);
  }
  return (id) => found.get(id) ?? noProgress();
}

function noProgress(): EpisodeProgress {
  return {
    total: 0,
    waiting: 0,
    claimed: 0,
    done: 0,
    failed: 0,
    durationMs: 0,
    billedCharacters: 0,
    cacheHits: 0,
    fallbacks: 0,
    retries: 0,
  };
}
