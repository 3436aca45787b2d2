import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { testSettings } from '@parley/server/testing';
import { ClientAddress } from './client-address';

function request(peer: string | undefined, headers: Record<string, string> = {}): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  return Object.assign(new IncomingMessage(socket), { headers });
}

const behind = (trust: string): ClientAddress => new ClientAddress(testSettings({ TRUST_PROXY: trust }));
const from = (trust: string, peer: string | undefined, forwarded?: string): string =>
  behind(trust).of(request(peer, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }));

describe('ClientAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('counts a client at %s as %s', (peer, counted) => {
    expect(from('false', peer)).toBe(counted);
  });

  it('counts all addresses of one /64 network as one client, and those of its neighbour as another', () => {
    const [one, other, neighbour] = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'].map((peer) => from('false', peer));
    expect(other).toBe(one);
    expect(neighbour).not.toBe(one);
  });

  it.each<[trust: string, peer: string, forwarded: string | undefined, counted: string]>([
    ['false', '192.0.2.1', '198.51.100.9', '192.0.2.1'],
    ['true', '192.0.2.1', undefined, '192.0.2.1'],
    ['true', '192.0.2.1', '', '192.0.2.1'],
    ['true', '192.0.2.1', '198.51.100.9', '198.51.100.9'],
    ['true', '192.0.2.1', '203.0.113.66, 198.51.100.9', '198.51.100.9'],
    ['true', '192.0.2.1', '127.0.0.1,::1 , 198.51.100.9:5123', '198.51.100.9'],
    ['true', '192.0.2.1', '2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['true', '192.0.2.1', '[2001:db8:1:2::9]:5123', '2001:db8:1:2::/64'],
    ['true', '192.0.2.1', '::ffff:198.51.100.9', '198.51.100.9'],
    ['true', '192.0.2.1', '198.51.100.9, unknown', '192.0.2.1'],
    ['true', '192.0.2.1', '198.51.100.9,', '192.0.2.1'],
    ['2', '192.0.2.1', '203.0.113.66, 198.51.100.9, 192.0.2.2', '198.51.100.9'],
    ['2', '192.0.2.1', '198.51.100.9', '198.51.100.9'],
    ['2', '192.0.2.1', 'nonsense, 192.0.2.2', '192.0.2.2'],
    ['3', '192.0.2.1', '198.51.100.9, 192.0.2.2', '198.51.100.9'],
    ['192.0.2.1', '192.0.2.1', '198.51.100.9', '198.51.100.9'],
    ['192.0.2.1', '::ffff:192.0.2.1', '198.51.100.9', '198.51.100.9'],
    ['192.0.2.1', '192.0.2.3', '198.51.100.9', '192.0.2.3'],
    ['192.0.2.0/24', '192.0.2.1', '203.0.113.66, 198.51.100.9, 192.0.2.2', '198.51.100.9'],
    ['192.0.2.0/24', '192.0.2.1', '192.0.2.3, 192.0.2.2', '192.0.2.3'],
    ['192.0.2.0/24,fd00::/8', 'fd00::1', '198.51.100.9, 192.0.2.2', '198.51.100.9'],
    ['192.0.2.0/24,fd00::/8', 'fe00::1', '198.51.100.9, 192.0.2.2', 'fe00:0:0:0::/64'],
    ['192.0.2.0/24', '192.0.2.1', '198.51.100.9, nonsense, 192.0.2.2', '192.0.2.2'],
  ])('believing %s, counts a request from %s that was forwarded for "%s" as %s', (trust, peer, forwarded, counted) => {
    expect(from(trust, peer, forwarded)).toBe(counted);
  });

  it('counts a client that writes a thousand addresses itself by the one that the proxy wrote', () => {
    const written = Array.from({ length: 1_000 }, (_, index) => `203.0.113.${index % 256}`).join(',');
    expect(from('true', '192.0.2.1', `${written}, 198.51.100.9`)).toBe('198.51.100.9');
  });

  it.each<[trust: string, peer: string, forwarded: string | undefined, scheme: string]>([
    ['false', '192.0.2.1', 'https', 'http'],
    ['true', '192.0.2.1', 'https', 'https'],
    ['true', '192.0.2.1', 'HTTPS, http', 'https'],
    ['true', '192.0.2.1', 'wss', 'https'],
    ['true', '192.0.2.1', 'ws', 'http'],
    ['true', '192.0.2.1', 'nonsense', 'http'],
    ['true', '192.0.2.1', undefined, 'http'],
    ['192.0.2.0/24', '192.0.2.1', 'https', 'https'],
    ['192.0.2.0/24', '198.51.100.9', 'https', 'http'],
  ])('believing %s, takes a request from %s with the scheme "%s" for one by %s', (trust, peer, forwarded, scheme) => {
    expect(behind(trust).schemeOf(request(peer, forwarded === undefined ? {} : { 'x-forwarded-proto': forwarded }))).toBe(scheme);
  });

  it('knows a request over TLS', () => {
    const socket = new TLSSocket(new Socket());
    expect(behind('false').schemeOf(new IncomingMessage(socket))).toBe('https');
    socket.destroy();
  });
});
