import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { isOriginAllowed } from './origin-policy';

const from = (headers: { origin?: string; host?: string }): IncomingMessage =>
  Object.assign(new IncomingMessage(new Socket()), { headers });
const HOST = 'talk.example.org:3000';

describe('isOriginAllowed', () => {
  it.each<[name: string, origin: string | undefined, host: string | undefined, allowed: string[], expected: boolean]>([
    ['no browser', undefined, HOST, [], true],
    ['no browser, whatever is listed', undefined, HOST, ['https://other.example'], true],
    ['its own page', 'http://talk.example.org:3000', HOST, [], true],
    ['its own page behind TLS', 'https://talk.example.org:3000', HOST, [], true],
    ['its own page at the usual port', 'https://talk.example.org', 'talk.example.org', [], true],
    ['its own page by address', 'http://127.0.0.1:3000', '127.0.0.1:3000', [], true],
    ['another port', 'http://talk.example.org:4200', HOST, [], false],
    ['another host', 'https://evil.example', HOST, [], false],
    ['a host that begins the same', 'http://talk.example.org:3000.evil.example', HOST, [], false],
    ['a host in the user part', 'http://talk.example.org:3000@evil.example', HOST, [], false],
    ['a listed page', 'https://app.example.com', HOST, ['https://app.example.com'], true],
    ['one of several listed pages', 'http://localhost:4200', HOST, ['https://a.example', 'http://localhost:4200'], true],
    ['a page that is listed by another scheme', 'http://app.example.com', HOST, ['https://app.example.com'], false],
    ['anything where any is allowed', 'https://evil.example', HOST, ['*'], true],
    ['a sandboxed page', 'null', HOST, [], false],
    ['a sandboxed page where any is allowed', 'null', HOST, ['*'], true],
    ['nonsense', 'nonsense', HOST, [], false],
    ['an empty origin', '', HOST, [], false],
    ['a page where no host is named', 'http://talk.example.org', undefined, [], false],
  ])('%s', (_name, origin, host, allowed, expected) => {
    const headers = { ...(origin !== undefined && { origin }), ...(host !== undefined && { host }) };
    expect(isOriginAllowed(from(headers), allowed)).toBe(expected);
  });
});
