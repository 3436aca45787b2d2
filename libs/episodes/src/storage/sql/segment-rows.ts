import { randomUUID } from 'node:crypto';
import { EpisodeStoreError, type LeftBehind } from '../episode-store';
import type { SegmentContent } from '../records';
import { text } from './rows';
import type { SqlTransaction } from './sql-database';

/** Each statement to a database on another machine costs a round trip. */
const ROWS_PER_INSERT = 100;

export async function insertSegments(
  transaction: SqlTransaction,
  episodeId: string,
  segments: readonly SegmentContent[],
  version: number,
): Promise<void> {
  if (segments.length === 0) throw new EpisodeStoreError('no_segments', 'an episode needs at least one segment');
  const rows = segments.map((content, index) => [randomUUID(), episodeId, index, JSON.stringify(content), version]);
  for (let first = 0; first < rows.length; first += ROWS_PER_INSERT) {
    const some = rows.slice(first, first + ROWS_PER_INSERT);
    const places = some.map((_, i) => `($${5 * i + 1}, $${5 * i + 2}, $${5 * i + 3}, $${5 * i + 4}, 'waiting', 0, $${5 * i + 5})`);
    await transaction.query(
      `INSERT INTO segments (id, episode_id, place, content, status, attempts, version) VALUES ${places.join(', ')}`,
      ...some.flat(),
    );
  }
}

/** What is to be deleted with the segments of an episode. */
export async function leftBehind(transaction: SqlTransaction, episodeId: string): Promise<LeftBehind> {
  const rows = await transaction.query('SELECT id, cache_key FROM segments WHERE episode_id = $1 ORDER BY place', episodeId);
  return {
    episodeId,
    segmentIds: rows.map((row) => text(row['id'])),
    cacheKeys: [...new Set(rows.flatMap((row) => row['cache_key'] ?? []).map(text))],
  };
}
