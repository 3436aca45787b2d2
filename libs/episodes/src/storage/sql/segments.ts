import type { SegmentChange } from '../episode-store';
import type { Segment, SegmentAlignment, SegmentContent } from '../records';
import { queue } from './episode-status';
import { fromJson, SEGMENT_COLUMNS, toSegment } from './rows';
import type { SqlTransaction } from './sql-database';
import { lockEpisodeOf } from './versions';

/** Also those of the claim. */
const NO_RESULT =
  'claim_owner = NULL, claim_token = NULL, claim_expires_at = NULL, ' +
  'cache_key = NULL, duration_ms = NULL, billed_characters = NULL, cached = NULL, fallbacks = NULL, alignment = NULL';

export async function listSegments(
  transaction: SqlTransaction,
  episodeId: string,
  { from = 0, limit }: { from?: number; limit?: number },
): Promise<readonly Segment[]> {
  const rows = await transaction.query(
    `SELECT ${SEGMENT_COLUMNS} FROM segments WHERE episode_id = $1 AND place >= $2 ORDER BY place ${limit === undefined ? '' : 'LIMIT $3'}`,
    episodeId,
    from,
    ...(limit === undefined ? [] : [limit]),
  );
  return rows.map(toSegment);
}

export async function findSegment(transaction: SqlTransaction, id: string): Promise<Segment | undefined> {
  const [row] = await transaction.query(`SELECT ${SEGMENT_COLUMNS} FROM segments WHERE id = $1`, id);
  return row && toSegment(row);
}

export async function findAlignment(transaction: SqlTransaction, id: string): Promise<SegmentAlignment | undefined> {
  const [row] = await transaction.query('SELECT alignment FROM segments WHERE id = $1', id);
  return row && row['alignment'] !== null ? (fromJson(row['alignment']) as SegmentAlignment) : undefined;
}

export async function updateSegment(transaction: SqlTransaction, id: string, change: SegmentChange): Promise<Segment | undefined> {
  const locked = await lockEpisodeOf(transaction, id);
  if (!locked) return undefined;
  const [row] = await transaction.query('SELECT content FROM segments WHERE id = $1', id);
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const content = { ...(fromJson(row?.['content']) as SegmentContent), ...Object.fromEntries(given) };
  await transaction.query('UPDATE segments SET content = $2, version = $3 WHERE id = $1', id, JSON.stringify(content), locked.version);
  if (given.some(([name]) => name !== 'pauseBeforeMs'))
    await transaction.query(`UPDATE segments SET status = 'waiting', attempts = 0, error = NULL, ${NO_RESULT} WHERE id = $1`, id);
  await queue(transaction, locked.episodeId, locked.version);
  return await findSegment(transaction, id);
}
