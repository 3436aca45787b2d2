import type { Claim } from '../records';
import { number, text } from './rows';
import type { SqlTransaction } from './sql-database';

/**
 * Notes a change of the episode or of one of its segments, and returns its new version; `undefined` if there is no such episode. This locks the
 * episode. Whoever changes segments does this first, so that all changes of one episode come one after another and no two transactions wait for
 * each other.
 */
export async function nextVersion(transaction: SqlTransaction, episodeId: string): Promise<number | undefined> {
  const [row] = await transaction.query(
    'UPDATE episodes SET version = version + 1, updated_at = $2 WHERE id = $1 RETURNING version',
    episodeId,
    transaction.nowMs,
  );
  if (!row) return undefined;
  const version = number(row['version']);
  transaction.changed(episodeId, version);
  return version;
}

/** Locks the episode of a segment and notes the change, if the segment exists and its claim is the given one. */
export async function lockEpisodeOf(
  transaction: SqlTransaction,
  segmentId: string,
  claim?: Pick<Claim, 'owner' | 'token'>,
): Promise<{ episodeId: string; version: number } | undefined> {
  const [row] = await transaction.query('SELECT episode_id, claim_owner, claim_token FROM segments WHERE id = $1', segmentId);
  if (!row || (claim && (row['claim_owner'] !== claim.owner || number(row['claim_token']) !== claim.token))) return undefined;
  const episodeId = text(row['episode_id']);
  const version = await nextVersion(transaction, episodeId);
  return version === undefined ? undefined : { episodeId, version };
}
