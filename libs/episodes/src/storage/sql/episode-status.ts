import type { LeftBehind, ReplacedScript } from '../episode-store';
import type { Episode, EpisodeStatus, EpisodeSummary } from '../records';
import { findEpisode, findSummary } from './episodes';
import { existing } from './rows';
import { insertSegments, leftBehind } from './segment-rows';
import type { SqlTransaction } from './sql-database';
import { nextVersion } from './versions';

export async function replaceScript(
  transaction: SqlTransaction,
  id: string,
  { segments, ...script }: ReplacedScript,
): Promise<{ episode: Episode; removed: LeftBehind } | undefined> {
  const version = await nextVersion(transaction, id);
  if (version === undefined) return undefined;
  const removed = await leftBehind(transaction, id);
  await transaction.query('DELETE FROM segments WHERE episode_id = $1', id);
  await insertSegments(transaction, id, segments, version);
  await transaction.query('UPDATE episodes SET script = $2, script_version = version WHERE id = $1', id, JSON.stringify(script));
  await queue(transaction, id, version);
  return { episode: existing(await findEpisode(transaction, id)), removed };
}

export async function cancelEpisode(transaction: SqlTransaction, id: string): Promise<EpisodeSummary | undefined> {
  const version = await versionIfIn(transaction, id, ['queued', 'rendering', 'assembling']);
  if (version !== undefined) {
    await transaction.query(
      `UPDATE segments SET status = 'waiting', claim_owner = NULL, claim_token = NULL, claim_expires_at = NULL, version = $2
       WHERE episode_id = $1 AND status = 'claimed'`,
      id,
      version,
    );
    await setStatus(transaction, id, 'cancelled');
  }
  return await findSummary(transaction, id);
}

export async function requeueEpisode(transaction: SqlTransaction, id: string): Promise<EpisodeSummary | undefined> {
  const version = await versionIfIn(transaction, id, ['completed', 'failed', 'cancelled']);
  if (version !== undefined) await queue(transaction, id, version);
  return await findSummary(transaction, id);
}

/**
 * Has everything rendered that is missing, and all put together. Segments that have failed are tried again, whatever the reason for this is:
 * with one of them the episode could never be completed. A claim to put the episode together is lost.
 */
export async function queue(transaction: SqlTransaction, id: string, version: number): Promise<void> {
  await transaction.query(
    `UPDATE segments SET status = 'waiting', attempts = 0, error = NULL, version = $2 WHERE episode_id = $1 AND status IN ('waiting', 'failed')`,
    id,
    version,
  );
  await transaction.query('UPDATE episodes SET started_at = NULL, first_audio_ms = NULL WHERE id = $1', id);
  await setStatus(transaction, id, 'queued');
}

/** Gives the episode another state, and takes back the claim to put it together. */
export async function setStatus(transaction: SqlTransaction, id: string, status: EpisodeStatus, error?: string): Promise<void> {
  await transaction.query(
    'UPDATE episodes SET status = $2, error = $3, claim_owner = NULL, claim_token = NULL, claim_expires_at = NULL WHERE id = $1',
    id,
    status,
    error ?? null,
  );
}

/** The next version if the episode is in one of these states. */
async function versionIfIn(transaction: SqlTransaction, id: string, states: readonly EpisodeStatus[]): Promise<number | undefined> {
  const [row] = await transaction.query(
    `UPDATE episodes SET updated_at = $2 WHERE id = $1 AND status IN (${states.map((state) => `'${state}'`).join(', ')}) RETURNING id`,
    id,
    transaction.nowMs,
  );
  return row && (await nextVersion(transaction, id));
}
