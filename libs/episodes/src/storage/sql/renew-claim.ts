import type { Claim } from '../records';
import { toClaim } from './rows';
import type { SqlTransaction } from './sql-database';

/** What a server can have the claim of, with the status that it has meanwhile. */
const CLAIMED = { segments: 'claimed', episodes: 'assembling' } as const;

/**
 * Renews a claim; undefined if it has ended or is another server's. Locks nothing but the one row, so it cannot be part of a circle of
 * transactions that wait for each other.
 */
export async function renewClaim(
  transaction: SqlTransaction,
  table: keyof typeof CLAIMED,
  claim: Claim,
  leaseMs: number,
): Promise<Claim | undefined> {
  const [row] = await transaction.query(
    `UPDATE ${table} SET claim_expires_at = $4 WHERE id = $1 AND status = '${CLAIMED[table]}' AND claim_owner = $2 AND claim_token = $3
     RETURNING id, claim_owner, claim_token, claim_expires_at`,
    claim.id,
    claim.owner,
    claim.token,
    transaction.nowMs + leaseMs,
  );
  return row && toClaim(row);
}
