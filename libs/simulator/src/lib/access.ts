/** What a key may do. The simulator's keys: `bad`, `quota`, `rate` and `beta-denied` mean what they say; any other non-empty key is good. */
export type Access = 'good' | 'missing' | 'bad' | 'quota' | 'rate' | 'beta-denied';

export function accessOf(key: string | undefined): Access {
  if (!key) return 'missing';
  return key === 'bad' || key === 'quota' || key === 'rate' || key === 'beta-denied' ? key : 'good';
}
