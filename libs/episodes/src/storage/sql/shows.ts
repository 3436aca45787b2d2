import { randomUUID } from 'node:crypto';
import type { Page, PageRequest } from '../episode-store';
import type { Show, ShowDetails } from '../records';
import { limitOf, positionOf, toPage } from './pages';
import { text, toShow } from './rows';
import type { SqlTransaction } from './sql-database';
import { nextVersion } from './versions';

const COLUMNS = 'id, details, created_at, updated_at, (SELECT count(*) FROM episodes WHERE show_id = shows.id) AS episodes';

export async function createShow(transaction: SqlTransaction, details: ShowDetails): Promise<Show> {
  const id = randomUUID();
  const { nowMs } = transaction;
  await transaction.query(
    'INSERT INTO shows (id, details, created_at, updated_at) VALUES ($1, $2, $3, $3)',
    id,
    JSON.stringify(details),
    nowMs,
  );
  return { ...details, id, createdAtMs: nowMs, updatedAtMs: nowMs, episodes: 0 };
}

export async function findShow(transaction: SqlTransaction, id: string): Promise<Show | undefined> {
  const [row] = await transaction.query(`SELECT ${COLUMNS} FROM shows WHERE id = $1`, id);
  return row && toShow(row);
}

export async function listShows(transaction: SqlTransaction, page: PageRequest): Promise<Page<Show>> {
  const limit = limitOf(page);
  const position = positionOf(page);
  const after = position ? 'WHERE (created_at, id) < ($2, $3)' : '';
  const rows = await transaction.query(
    `SELECT ${COLUMNS} FROM shows ${after} ORDER BY created_at DESC, id DESC LIMIT $1`,
    limit + 1,
    ...(position ? [position.createdAtMs, position.id] : []),
  );
  return toPage(rows, limit, toShow);
}

export async function updateShow(transaction: SqlTransaction, id: string, details: ShowDetails): Promise<Show | undefined> {
  await transaction.query('UPDATE shows SET details = $2, updated_at = $3 WHERE id = $1', id, JSON.stringify(details), transaction.nowMs);
  return await findShow(transaction, id);
}

export async function deleteShow(transaction: SqlTransaction, id: string): Promise<boolean> {
  const episodes = await transaction.query('SELECT id FROM episodes WHERE show_id = $1 ORDER BY created_at, id', id);
  for (const row of episodes) await nextVersion(transaction, text(row['id']));
  return (await transaction.query('DELETE FROM shows WHERE id = $1 RETURNING id', id)).length > 0;
}
