import { randomUUID } from 'node:crypto';
import {
  type EpisodeChange,
  type EpisodeChanges,
  EpisodeStoreError,
  type LeftBehind,
  type NewEpisode,
  type Page,
  type PageRequest,
} from '../episode-store';
import type { Episode, EpisodeScript, EpisodeStatus, EpisodeSummary } from '../records';
import { limitOf, positionOf, toPage } from './pages';
import { progressOf } from './progress';
import { EPISODE_COLUMNS, existing, number, SEGMENT_COLUMNS, SUMMARY_COLUMNS, text, toEpisode, toSegment, toSummary } from './rows';
import { insertSegments, leftBehind } from './segment-rows';
import type { SqlTransaction, SqlValue } from './sql-database';
import { nextVersion } from './versions';

export async function createEpisode(transaction: SqlTransaction, episode: NewEpisode): Promise<Episode> {
  const { title, description, showId, segments, ...script } = episode;
  const id = randomUUID();
  if (showId !== undefined) await requireShow(transaction, showId);
  await transaction.query(
    `INSERT INTO episodes (id, show_id, title, description, script, status, version, script_version, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, 'queued', 1, 1, $6, $6)`,
    id,
    showId ?? null,
    title,
    description ?? null,
    JSON.stringify(script),
    transaction.nowMs,
  );
  await insertSegments(transaction, id, segments, 1);
  transaction.changed(id, 1);
  return existing(await findEpisode(transaction, id));
}

export async function findEpisode(transaction: SqlTransaction, id: string): Promise<Episode | undefined> {
  const [row] = await transaction.query(`SELECT ${EPISODE_COLUMNS} FROM episodes WHERE id = $1`, id);
  return row && toEpisode(row, (await progressOf(transaction, [id]))(id));
}

export async function findSummary(transaction: SqlTransaction, id: string): Promise<EpisodeSummary | undefined> {
  const [row] = await transaction.query(`SELECT ${SUMMARY_COLUMNS} FROM episodes WHERE id = $1`, id);
  return row && toSummary(row, (await progressOf(transaction, [id]))(id));
}

export async function listEpisodes(
  transaction: SqlTransaction,
  page: PageRequest & { showId?: string; status?: EpisodeStatus },
): Promise<Page<EpisodeSummary>> {
  const limit = limitOf(page);
  const position = positionOf(page);
  const conditions = ['1 = 1'];
  const values: SqlValue[] = [limit + 1];
  const place = (value: SqlValue) => `$${values.push(value)}`;
  if (page.showId !== undefined) conditions.push(`show_id = ${place(page.showId)}`);
  if (page.status !== undefined) conditions.push(`status = ${place(page.status)}`);
  if (position) conditions.push(`(created_at, id) < (${place(position.createdAtMs)}, ${place(position.id)})`);
  const rows = await transaction.query(
    `SELECT ${SUMMARY_COLUMNS} FROM episodes WHERE ${conditions.join(' AND ')} ORDER BY created_at DESC, id DESC LIMIT $1`,
    ...values,
  );
  const progress = await progressOf(
    transaction,
    rows.map((row) => text(row['id'])),
  );
  return toPage(rows, limit, (row) => toSummary(row, progress(text(row['id']))));
}

export async function updateEpisode(
  transaction: SqlTransaction,
  id: string,
  change: EpisodeChange,
  ifVersion: number | undefined,
): Promise<Episode | undefined> {
  const version = await nextVersion(transaction, id);
  if (version === undefined) return undefined;
  if (ifVersion !== undefined && version !== ifVersion + 1)
    throw new EpisodeStoreError('version_conflict', 'the episode has been changed by somebody else');
  const episode = existing(await findEpisode(transaction, id));
  const { title = episode.title, description = episode.description, showId = episode.showId } = change;
  if (change.showId) await requireShow(transaction, change.showId);
  await transaction.query(
    'UPDATE episodes SET title = $2, description = $3, show_id = $4, first_audio_ms = $5 WHERE id = $1',
    id,
    title,
    description ?? null,
    showId ?? null,
    change.firstAudioMs ?? episode.firstAudioMs ?? null,
  );
  if (change.pauses) await updateScript(transaction, id, { pauses: change.pauses });
  return await findEpisode(transaction, id);
}

/** Changes part of what is kept with the script. */
export async function updateScript(transaction: SqlTransaction, id: string, change: Partial<EpisodeScript>): Promise<void> {
  const [row] = await transaction.query('SELECT script FROM episodes WHERE id = $1', id);
  const script = { ...(JSON.parse(text(row?.['script'])) as EpisodeScript), ...change };
  await transaction.query('UPDATE episodes SET script = $2 WHERE id = $1', id, JSON.stringify(script));
}

export async function deleteEpisode(transaction: SqlTransaction, id: string): Promise<LeftBehind | undefined> {
  const version = await nextVersion(transaction, id);
  if (version === undefined) return undefined;
  const removed = await leftBehind(transaction, id);
  await transaction.query('DELETE FROM episodes WHERE id = $1', id);
  return removed;
}

export async function findChanges(transaction: SqlTransaction, id: string, version: number): Promise<EpisodeChanges | undefined> {
  const [row] = await transaction.query(`SELECT ${SUMMARY_COLUMNS} FROM episodes WHERE id = $1`, id);
  if (!row) return undefined;
  const changed = await transaction.query(
    `SELECT ${SEGMENT_COLUMNS} FROM segments WHERE episode_id = $1 AND version > $2 ORDER BY place`,
    id,
    version,
  );
  return {
    episode: toSummary(row, (await progressOf(transaction, [id]))(id)),
    segments: changed.map(toSegment),
    isNewScript: number(row['script_version']) > version,
  };
}

async function requireShow(transaction: SqlTransaction, id: string): Promise<void> {
  const rows = await transaction.query('SELECT id FROM shows WHERE id = $1', id);
  if (rows.length === 0) throw new EpisodeStoreError('unknown_show', 'there is no such show');
}
