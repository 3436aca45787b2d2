import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import { type Proxies, type Settings, SETTINGS } from '@parley/server';
import { type IpAddress, parseAddress } from './ip-address';

type Request = Pick<IncomingMessage, 'headers' | 'socket'>;

/** The scheme by the value of `X-Forwarded-Proto`, for which some proxies write the WebSocket scheme. */
const SCHEMES: Readonly<Record<string, 'http' | 'https'>> = { http: 'http', https: 'https', ws: 'http', wss: 'https' };
const UNKNOWN = 'unknown';

/** From where, and how, a request reached the server. The headers of proxies count only as far as `TRUST_PROXY` says. */
@Injectable()
export class ClientAddress {
  private readonly isProxy: (address: IpAddress | undefined, hop: number) => boolean;

  constructor(@Inject(SETTINGS) { access }: Pick<Settings, 'access'>) {
    this.isProxy = proxyTest(access.proxies);
  }

  /**
   * What requests of one client are counted under: its IPv4 address, or the /64 network of its IPv6 address (`2001:db8:0:1::/64`), because one
   * household or server has at least a whole /64. `unknown` for a socket that is closed already.
   */
  of(request: Request): string {
    const address = this.addressOf(request);
    if (address === undefined) return UNKNOWN;
    return address.family === 'ipv4' ? address.text : `${address.groups.slice(0, 4).join(':')}::/64`;
  }

  /** The scheme with which the client reached the server, or the first proxy that is believed. */
  schemeOf(request: Request): 'http' | 'https' {
    const forwarded = this.isProxy(peerOf(request), 0) ? String(request.headers['x-forwarded-proto'] ?? '').split(',', 1)[0] : '';
    return SCHEMES[(forwarded ?? '').trim().toLowerCase()] ?? (request.socket instanceof TLSSocket ? 'https' : 'http');
  }

  /**
   * Each proxy appends the address from which it was reached, so the list is read from its end, as long as proxies that are believed wrote it. What
   * a client has written itself stands before that. Something unreadable ends the reading at the proxy that passed it on.
   */
  private addressOf(request: Request): IpAddress | undefined {
    const written = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',').reverse();
    let address = peerOf(request);
    for (let hop = 0; hop < written.length && this.isProxy(address, hop); hop += 1) {
      const before = parseAddress(written[hop] ?? '');
      if (before === undefined) break;
      address = before;
    }
    return address;
  }
}

const peerOf = ({ socket }: Request): IpAddress | undefined => parseAddress(socket.remoteAddress ?? '');

/** Whether this address, which is `hop` steps away from the server, is one of the proxies. */
function proxyTest(proxies: Proxies): (address: IpAddress | undefined, hop: number) => boolean {
  if ('hops' in proxies) return (_address, hop) => hop < proxies.hops;
  const list = new BlockList();
  for (const item of proxies.addresses) {
    const [address = '', prefix] = item.split('/');
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => address !== undefined && list.check(address.text, address.family);
}
