import { isIPv4, isIPv6 } from 'node:net';

/** An IP address in its canonical form. */
export type IpAddress = { family: 'ipv4'; text: string } | { family: 'ipv6'; text: string; groups: readonly string[] };

const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/;

/**
 * Reads an address as sockets and proxies write it: with or without a port, IPv6 with or without brackets, and without its zone. An IPv4 address
 * that is written as IPv6 (`::ffff:192.0.2.7`) is an IPv4 address. Undefined for anything else.
 */
export function parseAddress(text: string): IpAddress | undefined {
  const written = text.trim();
  const [, bracketed, plain] = WITH_PORT.exec(written) ?? [];
  const [address = ''] = (bracketed ?? plain ?? written).split('%', 1);
  if (isIPv4(address)) return { family: 'ipv4', text: address };
  return isIPv6(address) ? fromV6(address) : undefined;
}

function fromV6(address: string): IpAddress {
  // The URL writes every form alike: lower case, without leading zeros, and without an IPv4 part.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = [], after] = text.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = after === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...(after ?? [])];
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return { family: 'ipv6', text, groups };
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
  return { family: 'ipv4', text: bytes.join('.') };
}
