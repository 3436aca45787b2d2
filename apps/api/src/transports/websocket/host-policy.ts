import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings';
import { parseTarget } from './request-target';

/** `malformed`: the request does not say in a valid way which host it is for. `refused`: it is for a host that this server is not. */
export type HostVerdict = 'allowed' | 'malformed' | 'refused';

const ANY = '*';
/** A host name or address with or without a port, and nothing that a URL could hold besides. */
const AUTHORITY = /^[^\s/\\?#@]+$/;
const LOOPBACK_V4 = /^127(?:\.\d{1,3}){3}$/;

/**
 * Which hosts this server answers for. A page that resolves its own name to this machine (DNS rebinding) is of the same origin as its server
 * for the browser, whatever that name is: only the name gives it away. Allowed are the loopback names, the address that the server was told to
 * listen at, what is configured, and the hosts of the origins that are configured; where the server listens at every address, any literal
 * address as well, because rebinding takes a name. Ports do not matter.
 */
@Injectable()
export class HostPolicy {
  private readonly allowed: ReadonlySet<string>;
  private readonly allowsAny: boolean;
  private readonly allowsAddresses: boolean;

  constructor(@Inject(SETTINGS) { host, allowedHosts, allowedOrigins }: Pick<Settings, 'host' | 'allowedHosts' | 'allowedOrigins'>) {
    const own = hostnameOf(isIP(host) === 6 ? `[${host}]` : host);
    const listed = [...allowedHosts.map((name) => (isIP(name) === 6 ? `[${name}]` : name)), ...allowedOrigins.map(hostOfOrigin)];
    this.allowsAny = [...allowedHosts, ...allowedOrigins].includes(ANY);
    this.allowsAddresses = own === '0.0.0.0' || own === '[::]';
    this.allowed = new Set([own, ...listed.map(hostnameOf)].filter((name) => name !== undefined));
  }

  judge(request: Pick<IncomingMessage, 'headersDistinct' | 'url'>): HostVerdict {
    const [host, second] = request.headersDistinct['host'] ?? [];
    if (host === undefined || second !== undefined) return 'malformed';
    // A target that is a URL names a host too, and that one takes precedence over the header: both must be right.
    const verdicts = [host, parseTarget(request.url)?.host ?? host].map((named) => this.judgeHost(named));
    return verdicts.find((verdict) => verdict !== 'allowed') ?? 'allowed';
  }

  private judgeHost(host: string): HostVerdict {
    const name = hostnameOf(host);
    if (name === undefined) return 'malformed';
    const isAddress = name.startsWith('[') || isIP(name) === 4;
    const isAllowed = this.allowsAny || isLoopback(name) || this.allowed.has(name) || (this.allowsAddresses && isAddress);
    return isAllowed ? 'allowed' : 'refused';
  }
}

const isLoopback = (name: string): boolean => name === 'localhost' || name === '[::1]' || LOOPBACK_V4.test(name);

const hostOfOrigin = (origin: string): string => origin.slice(origin.indexOf('://') + '://'.length);

/** The host in its one spelling, without a port and without the dot at the end of a full name; undefined when it is none. */
function hostnameOf(authority: string): string | undefined {
  const url = `http://${authority}`;
  if (!AUTHORITY.test(authority) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/\.$/, '') || undefined;
}
