import type { PoolClient } from 'pg';

/** Runs `work` between `BEGIN` and `COMMIT`, or rolls back and throws what it threw. */
export async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Fails if the connection is lost, and then there is nothing to roll back.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
