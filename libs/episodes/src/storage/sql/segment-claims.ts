import type { ClaimRequest } from '../episode-store';
import type { Claim, ClaimedSegment, Segment, SegmentResult } from '../records';
import { setStatus } from './episode-status';
import { existing, SEGMENT_COLUMNS, text, toClaimedSegment, toSegment } from './rows';
import type { SqlDatabase, SqlTransaction, SqlValue } from './sql-database';
import { lockEpisodeOf, nextVersion } from './versions';

/** `$2` is the time. */
const IS_FREE = "(status = 'waiting' OR (status = 'claimed' AND claim_expires_at <= $2))";
/** More would keep others waiting for the lock for longer than rendering them is worth. */
const MAX_CLAIMS = 100;

/** Episodes that may have something to do, the oldest first. */
export async function episodesToRender(transaction: SqlTransaction, episodeId?: string): Promise<readonly string[]> {
  const rows = await transaction.query(
    `SELECT id FROM episodes WHERE status IN ('queued', 'rendering') AND ($1 = '' OR id = $1) AND EXISTS (
       SELECT 1 FROM segments WHERE episode_id = episodes.id AND ${IS_FREE}
     ) ORDER BY created_at, id LIMIT 100`,
    episodeId ?? '',
    transaction.nowMs,
  );
  return rows.map((row) => text(row['id']));
}

/** `busy` if another transaction is changing the episode and `wait` is not set. */
export async function claimOfEpisode(
  database: SqlDatabase,
  transaction: SqlTransaction,
  episodeId: string,
  { owner, leaseMs, limit, wait }: ClaimRequest & { limit: number; wait: boolean },
): Promise<readonly ClaimedSegment[] | 'busy'> {
  const lock = wait ? database.lockRows : database.lockFreeRows;
  const [episode] = await transaction.query(`SELECT status FROM episodes WHERE id = $1 ${lock}`, episodeId);
  if (!episode) return wait ? [] : 'busy';
  if (episode['status'] !== 'queued' && episode['status'] !== 'rendering') return [];
  const free = await transaction.query(
    `SELECT id FROM segments WHERE episode_id = $1 AND ${IS_FREE} ORDER BY place LIMIT $3`,
    episodeId,
    transaction.nowMs,
    Math.min(limit, MAX_CLAIMS),
  );
  if (free.length === 0) return [];
  const version = existing(await nextVersion(transaction, episodeId));
  await transaction.query(
    "UPDATE episodes SET status = 'rendering', started_at = coalesce(started_at, $2) WHERE id = $1",
    episodeId,
    transaction.nowMs,
  );
  const claimed: ClaimedSegment[] = [];
  for (const row of free) claimed.push(await claim(transaction, text(row['id']), version, owner, leaseMs));
  return claimed;
}

export async function claimOne(
  database: SqlDatabase,
  transaction: SqlTransaction,
  id: string,
  request: Omit<ClaimRequest, 'episodeId'>,
): Promise<ClaimedSegment | undefined> {
  const [row] = await transaction.query('SELECT episode_id FROM segments WHERE id = $1', id);
  if (!row) return undefined;
  const episodeId = text(row['episode_id']);
  const [episode] = await transaction.query(
    `SELECT id FROM episodes WHERE id = $1 AND status IN ('queued', 'rendering') ${database.lockRows}`,
    episodeId,
  );
  const free = episode && (await transaction.query(`SELECT id FROM segments WHERE id = $1 AND ${IS_FREE}`, id, transaction.nowMs));
  if (!free?.length) return undefined;
  const version = existing(await nextVersion(transaction, episodeId));
  await transaction.query(
    "UPDATE episodes SET status = 'rendering', started_at = coalesce(started_at, $2) WHERE id = $1",
    episodeId,
    transaction.nowMs,
  );
  return await claim(transaction, id, version, request.owner, request.leaseMs);
}

export function finishSegment(transaction: SqlTransaction, claim: Claim, result: SegmentResult): Promise<Segment | undefined> {
  return endClaim(
    transaction,
    claim,
    `status = 'done', error = NULL, cache_key = $5, duration_ms = $6, billed_characters = $7, cached = $8, fallbacks = $9, alignment = $10`,
    [
      result.cacheKey ?? null,
      result.durationMs,
      result.billedCharacters,
      result.cached ? 1 : 0,
      result.fallbacks ?? null,
      result.alignment ? JSON.stringify(result.alignment) : null,
    ],
  );
}

export async function failSegment(transaction: SqlTransaction, claim: Claim, error: string, retry: boolean): Promise<Segment | undefined> {
  const segment = await endClaim(transaction, claim, 'status = $5, error = $6', [retry ? 'waiting' : 'failed', error]);
  // With the segment, because nobody would do it if this server were killed in between.
  if (segment && !retry) await setStatus(transaction, segment.episodeId, 'failed', error);
  return segment;
}

export function releaseSegment(transaction: SqlTransaction, claim: Claim): Promise<Segment | undefined> {
  return endClaim(transaction, claim, "status = 'waiting', attempts = attempts - 1", []);
}

async function claim(transaction: SqlTransaction, id: string, token: number, owner: string, leaseMs: number): Promise<ClaimedSegment> {
  const [row] = await transaction.query(
    `UPDATE segments SET status = 'claimed', attempts = attempts + 1, version = $2, claim_token = $2, claim_owner = $3, claim_expires_at = $4
     WHERE id = $1 RETURNING ${SEGMENT_COLUMNS}`,
    id,
    token,
    owner,
    transaction.nowMs + leaseMs,
  );
  return toClaimedSegment(existing(row));
}

/** Changes the segment if the claim holds, and ends the claim. `$5` and on are `values`. */
async function endClaim(
  transaction: SqlTransaction,
  { id, owner, token }: Claim,
  change: string,
  values: readonly SqlValue[],
): Promise<Segment | undefined> {
  const locked = await lockEpisodeOf(transaction, id, { owner, token });
  if (!locked) return undefined;
  const [row] = await transaction.query(
    `UPDATE segments SET ${change}, claim_owner = NULL, claim_token = NULL, claim_expires_at = NULL, version = $4
     WHERE id = $1 AND claim_owner = $2 AND claim_token = $3 RETURNING ${SEGMENT_COLUMNS}`,
    id,
    owner,
    token,
    locked.version,
    ...values,
  );
  return row && toSegment(row);
}
