import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Addresses of a vendor change seldom, and the system does not say for how long they are valid. */
const VALID_MS = 60_000;
const MOST_HOSTS = 32;

type Resolve = (hostname: string, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

const fromSystem: Resolve = (hostname, callback) => systemLookup(hostname, { all: true }, callback);

/**
 * Returns a function that resolves names for `net` and remembers the answers for a minute. An older answer is used if the name cannot be
 * resolved at the moment, because an address that worked is better than none.
 */
export function cachingLookup(resolve: Resolve = fromSystem, now: () => number = () => performance.now()): LookupFunction {
  const known = new Map<string, { addresses: LookupAddress[]; atMs: number }>();
  return (hostname, { family = 0, all }, callback) => {
    const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
    const answer = (addresses: LookupAddress[]): void => {
      const fitting = addresses.filter((address) => wanted === 0 || address.family === wanted);
      const [first] = fitting;
      if (!first) return callback(Object.assign(new Error(`no address of ${hostname}`), { code: 'ENOTFOUND' }), '', 0);
      if (all) callback(null, fitting);
      else callback(null, first.address, first.family);
    };
    const cached = known.get(hostname);
    if (cached && now() - cached.atMs < VALID_MS) return process.nextTick(answer, cached.addresses);
    resolve(hostname, (error, addresses) => {
      if (error) return cached ? answer(cached.addresses) : callback(error, '', 0);
      known.delete(hostname);
      known.set(hostname, { addresses, atMs: now() });
      const [oldest] = known.keys();
      if (known.size > MOST_HOSTS && oldest !== undefined) known.delete(oldest);
      answer(addresses);
    });
  };
}
