import { isIP, isIPv6 } from 'node:net';
import { ValidateBy } from 'class-validator';

/**
 * The proxies in front of the server whose headers are believed: the last `hops` ones whatever their addresses are (0: none), or those with these
 * addresses. An address is `192.0.2.7` or, for a network, `192.0.2.0/24`; IPv6 likewise.
 */
export type Proxies = { hops: number } | { addresses: readonly string[] };

const MAX_HOPS = 16;
const HOPS: Readonly<Record<string, number>> = { false: 0, true: 1 };

/** Reads `false`, `true` (one proxy), a number of proxies, or a comma list of addresses and networks. Undefined for anything else. */
export function parseProxies(text: string): Proxies | undefined {
  const word = text.trim().toLowerCase();
  const hops = HOPS[word] ?? (/^\d{1,2}$/.test(word) ? Number(word) : undefined);
  if (hops !== undefined) return hops <= MAX_HOPS ? { hops } : undefined;
  const addresses = word.split(',').map((item) => item.trim());
  return addresses.every(isAddressOrNetwork) ? { addresses } : undefined;
}

function isAddressOrNetwork(text: string): boolean {
  const [address, prefix, more] = text.split('/');
  if (address === undefined || isIP(address) === 0 || address.includes('%') || more !== undefined) return false;
  if (prefix === undefined) return true;
  // A network of all addresses would let every client choose its own.
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (isIPv6(address) ? 128 : 32);
}

/** Checks that a value names the proxies to believe. */
export const IsProxies = (): PropertyDecorator =>
  ValidateBy({
    name: 'isProxies',
    validator: {
      validate: (value) => typeof value === 'string' && parseProxies(value) !== undefined,
      defaultMessage: () =>
        `$property must be true, false, a number of proxies up to ${MAX_HOPS}, or a comma list of addresses and networks such as 10.0.0.0/8`,
    },
  });
