import type { ClaimRequest } from '../episode-store';
import type { Claim, Episode, EpisodeChapter, EpisodeOutput, EpisodeStatus } from '../records';
import { setStatus } from './episode-status';
import { findEpisode, updateScript } from './episodes';
import { renewClaim } from './renew-claim';
import { existing, text, toClaim } from './rows';
import type { SqlDatabase, SqlTransaction } from './sql-database';
import { nextVersion } from './versions';

/** Whether all segments are done and nobody is putting the episode together. `$1` is the time. */
const IS_READY = `(status IN ('queued', 'rendering') OR (status = 'assembling' AND (claim_expires_at IS NULL OR claim_expires_at <= $1)))
  AND NOT EXISTS (SELECT 1 FROM segments WHERE episode_id = episodes.id AND status <> 'done')`;

/** The oldest first. */
export async function episodesToAssemble(transaction: SqlTransaction, episodeId?: string): Promise<readonly string[]> {
  const rows = await transaction.query(
    `SELECT id FROM episodes WHERE ${IS_READY} AND ($2 = '' OR id = $2) ORDER BY created_at, id LIMIT 100`,
    transaction.nowMs,
    episodeId ?? '',
  );
  return rows.map((row) => text(row['id']));
}

export async function claimAssembly(
  database: SqlDatabase,
  transaction: SqlTransaction,
  episodeId: string,
  { owner, leaseMs }: ClaimRequest,
): Promise<{ episode: Episode; claim: Claim } | undefined> {
  // Locked first: what it is ready for can only be asked when nobody can change it any more.
  await transaction.query(`SELECT id FROM episodes WHERE id = $1 ${database.lockRows}`, episodeId);
  const [ready] = await transaction.query(`SELECT id FROM episodes WHERE ${IS_READY} AND id = $2`, transaction.nowMs, episodeId);
  if (!ready) return undefined;
  const version = existing(await nextVersion(transaction, episodeId));
  const [row] = await transaction.query(
    `UPDATE episodes SET status = 'assembling', error = NULL, claim_owner = $2, claim_token = $3, claim_expires_at = $4 WHERE id = $1
     RETURNING id, claim_owner, claim_token, claim_expires_at`,
    episodeId,
    owner,
    version,
    transaction.nowMs + leaseMs,
  );
  return { episode: existing(await findEpisode(transaction, episodeId)), claim: existing(row && toClaim(row)) };
}

export async function finishAssembly(
  transaction: SqlTransaction,
  claim: Claim,
  output: EpisodeOutput,
  chapters: readonly EpisodeChapter[] | undefined,
): Promise<Episode | undefined> {
  if (!(await endClaim(transaction, claim, 'completed'))) return undefined;
  await transaction.query('UPDATE episodes SET output = $2 WHERE id = $1', claim.id, JSON.stringify(output));
  if (chapters) await updateScript(transaction, claim.id, { chapters });
  return await findEpisode(transaction, claim.id);
}

export async function failAssembly(transaction: SqlTransaction, claim: Claim, error: string): Promise<Episode | undefined> {
  return (await endClaim(transaction, claim, 'failed', error)) ? await findEpisode(transaction, claim.id) : undefined;
}

export async function releaseAssembly(transaction: SqlTransaction, claim: Claim): Promise<Episode | undefined> {
  return (await endClaim(transaction, claim, 'assembling')) ? await findEpisode(transaction, claim.id) : undefined;
}

/** Whether the claim held. */
async function endClaim(transaction: SqlTransaction, claim: Claim, status: EpisodeStatus, error?: string): Promise<boolean> {
  // The update locks the episode, so the claim cannot be lost after it.
  if (!(await renewClaim(transaction, 'episodes', claim, 0))) return false;
  await nextVersion(transaction, claim.id);
  await setStatus(transaction, claim.id, status, error);
  return true;
}
