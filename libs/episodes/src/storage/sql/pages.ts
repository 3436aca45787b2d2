import { EpisodeStoreError, type Page, type PageRequest } from '../episode-store';
import { number, text } from './rows';
import type { SqlRow } from './sql-database';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** The last row of the page before. */
export interface Position {
  createdAtMs: number;
  id: string;
}

export function limitOf({ limit = DEFAULT_LIMIT }: PageRequest): number {
  return Math.max(1, Math.min(MAX_LIMIT, Math.floor(limit)));
}

/** Throws `bad_page`. */
export function positionOf({ after }: PageRequest): Position | undefined {
  if (after === undefined) return undefined;
  const [, createdAt, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(after) ?? [];
  if (!createdAt || !id) throw new EpisodeStoreError('bad_page', 'there is no such page');
  return { createdAtMs: Number(createdAt), id };
}

/** `rows` has one more than fits on the page if another one follows. */
export function toPage<T>(rows: readonly SqlRow[], limit: number, toItem: (row: SqlRow) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(toItem);
  return rows.length > limit && last ? { items, next: `${number(last['created_at'])}.${text(last['id'])}` } : { items };
}
