import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { isOriginAllowed } from './origin-policy';

interface Headers {
  origin?: string;
  host?: string;
}

const from = (headers: Headers): IncomingMessage => Object.assign(new IncomingMessage(new Socket()), { headers });
const HOST = 'talk.example.org:3000';

describe('isOriginAllowed', () => {
  it.each<[name: string, origin: string | undefined, host: string | undefined, allowed: string[], expected: boolean]>([
    ['a client that is not a browser', undefined, HOST, [], true],
    ['a client that is not a browser, when other origins are listed', undefined, HOST, ['https://other.example'], true],
    ['its own page', 'http://talk.example.org:3000', HOST, [], true],
    ['its own page, with the host in other letter case', 'http://talk.example.org:3000', 'Talk.Example.org:3000', [], true],
    ['a page of its host with another scheme', 'https://talk.example.org:3000', HOST, [], false],
    ['its own page on the default port', 'http://talk.example.org', 'talk.example.org', [], true],
    ['its own page on the default port, which is written out', 'http://talk.example.org', 'talk.example.org:80', [], true],
    ['a page of its host on the default port of another scheme', 'https://talk.example.org', 'talk.example.org', [], false],
    ['its own page, addressed by IP address', 'http://127.0.0.1:3000', '127.0.0.1:3000', [], true],
    ['another port', 'http://talk.example.org:4200', HOST, [], false],
    ['another host', 'https://evil.example', HOST, [], false],
    ['a host that begins with its own name', 'http://talk.example.org:3000.evil.example', HOST, [], false],
    ['its own host in the user part of another URL', 'http://talk.example.org:3000@evil.example', HOST, [], false],
    ['a listed page', 'https://app.example.com', HOST, ['https://app.example.com'], true],
    ['one of several listed pages', 'http://localhost:4200', HOST, ['https://a.example', 'http://localhost:4200'], true],
    ['a page that is listed with another scheme', 'http://app.example.com', HOST, ['https://app.example.com'], false],
    ['any page when every origin is allowed', 'https://evil.example', HOST, ['*'], true],
    ['a sandboxed page', 'null', HOST, [], false],
    ['a sandboxed page when every origin is allowed', 'null', HOST, ['*'], true],
    ['nonsense', 'nonsense', HOST, [], false],
    ['a single bracket', '[', '[', [], false],
    ['two origins', 'http://talk.example.org:3000, http://talk.example.org:3000', HOST, [], false],
    ['an empty origin', '', HOST, [], false],
    ['a page when the request names no host', 'http://talk.example.org', undefined, [], false],
    ['a page of a scheme that has no origins', 'app://talk.example.org:3000', HOST, [], false],
  ])('decides about %s', (_name, origin, host, allowed, expected) => {
    const headers = { ...(origin !== undefined && { origin }), ...(host !== undefined && { host }) };
    expect(isOriginAllowed(from(headers), { allowedOrigins: allowed, scheme: 'http' })).toBe(expected);
  });

  it.each<[origin: string, scheme: 'http' | 'https', expected: boolean]>([
    ['https://talk.example.org', 'https', true],
    ['https://talk.example.org:443', 'https', true],
    ['https://talk.example.org', 'http', false],
    ['http://talk.example.org', 'https', false],
    ['http://talk.example.org', 'http', true],
    ['https://evil.example', 'https', false],
  ])('decides about a page of %s when the server was reached by %s', (origin, scheme, expected) => {
    expect(isOriginAllowed(from({ origin, host: 'talk.example.org' }), { allowedOrigins: [], scheme })).toBe(expected);
  });
});
