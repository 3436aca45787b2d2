import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';
import { parseTarget } from './request-target';

/** `malformed`: the request does not validly name the host that it is for. `refused`: it is for a host that this server does not serve. */
export type HostVerdict = 'allowed' | 'malformed' | 'refused';

const ANY = '*';
/** A host name or address with or without a port, and no other part of a URL. */
const AUTHORITY = /^[^\s/\\?#@]+$/;
const LOOPBACK_V4 = /^127(?:\.\d{1,3}){3}$/;

/**
 * Decides which hosts this server answers for. When a page resolves its own name to this machine (DNS rebinding), the browser considers the
 * page and this server to be of the same origin, and only the unexpected name reveals it. Allowed are the loopback names, the address that
 * the server listens on, the configured hosts, and the hosts of the configured origins. When the server listens on every address, any literal
 * IP address is allowed as well, because rebinding needs a name. Ports are ignored.
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
    // A target that is a URL also names a host, which takes precedence over the header, so both must be allowed.
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

/** The host in its canonical spelling, without a port and without a trailing dot; undefined when it is not a valid host. */
function hostnameOf(authority: string): string | undefined {
  const url = `http://${authority}`;
  if (!AUTHORITY.test(authority) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/\.$/, '') || undefined;
}
