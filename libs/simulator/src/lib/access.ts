/**
 * What a key may do. The keys `bad` (invalid), `quota` (used up), `rate` (too many requests) and `beta-denied` (no access to the beta) are
 * refused accordingly; any other key that is not empty is good.
 */
export type Access = 'good' | 'missing' | 'bad' | 'quota' | 'rate' | 'beta-denied';

export function accessOf(key: string | undefined): Access {
  if (!key) return 'missing';
  return key === 'bad' || key === 'quota' || key === 'rate' || key === 'beta-denied' ? key : 'good';
}
