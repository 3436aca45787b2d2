import type { SqlTransaction } from './sql-database';

/** The id that was given first. */
export async function libraryId({ query }: SqlTransaction, candidate: string): Promise<string> {
  await query('INSERT INTO library (place, id) VALUES (1, $1) ON CONFLICT (place) DO NOTHING', candidate);
  const [{ id }] = await query('SELECT id FROM library WHERE place = 1');
  return String(id);
}
