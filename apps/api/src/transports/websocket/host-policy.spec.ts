import { HostPolicy, type HostVerdict } from './host-policy';

interface Policy {
  host?: string;
  allowedHosts?: string[];
  allowedOrigins?: string[];
}

const judge = (
  hosts: string | string[],
  { host = '127.0.0.1', allowedHosts = [], allowedOrigins = [] }: Policy = {},
  url = '/',
): HostVerdict => new HostPolicy({ host, allowedHosts, allowedOrigins }).judge({ headersDistinct: { host: [hosts].flat() }, url });

describe('HostPolicy', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LocalHost:1',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:3000',
    '127.1.2.3:9',
    '[::1]',
    '[::1]:3000',
  ])('allows the loopback name %s, wherever the server listens', (name) => {
    for (const host of ['127.0.0.1', '0.0.0.0', '192.0.2.7', 'parley.example']) expect(judge(name, { host })).toBe('allowed');
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'notlocalhost',
    '128.0.0.1',
    '192.0.2.7',
    '[::2]:3000',
    '0.0.0.0',
  ])('refuses %s where nothing is configured', (name) => {
    expect(judge(name)).toBe('refused');
  });

  it.each<[host: string, name: string, verdict: HostVerdict]>([
    ['192.0.2.7', '192.0.2.7:3000', 'allowed'],
    ['192.0.2.7', '192.0.2.8:3000', 'refused'],
    ['2001:db8::7', '[2001:db8:0::7]:3000', 'allowed'],
    ['parley.example', 'Parley.example.:3000', 'allowed'],
    ['0.0.0.0', '192.0.2.7:3000', 'allowed'],
    ['0.0.0.0', '[2001:db8::7]', 'allowed'],
    ['::', '192.0.2.7', 'allowed'],
    ['0:0:0:0:0:0:0:0', '192.0.2.7', 'allowed'],
    ['0.0.0.0', 'evil.example', 'refused'],
    ['::', 'evil.example', 'refused'],
  ])('at %s answers for %s: %s', (host, name, verdict) => {
    expect(judge(name, { host })).toBe(verdict);
  });

  it.each<[policy: Policy, name: string, verdict: HostVerdict]>([
    [{ allowedHosts: ['parley.example', '192.0.2.7', '2001:db8::7'] }, 'parley.example:443', 'allowed'],
    [{ allowedHosts: ['parley.example', '192.0.2.7', '2001:db8::7'] }, '192.0.2.7', 'allowed'],
    [{ allowedHosts: ['parley.example', '192.0.2.7', '2001:db8::7'] }, '[2001:db8::7]:3000', 'allowed'],
    [{ allowedHosts: ['[2001:db8::7]'] }, '[2001:db8::7]', 'allowed'],
    [{ allowedHosts: ['parley.example'] }, 'sub.parley.example', 'refused'],
    [{ allowedHosts: ['*'] }, 'evil.example', 'allowed'],
    [{ allowedOrigins: ['https://app.example:8443'] }, 'app.example', 'allowed'],
    [{ allowedOrigins: ['https://app.example:8443'] }, 'other.example', 'refused'],
    [{ allowedOrigins: ['*'] }, 'evil.example', 'allowed'],
  ])('with %j answers for %s: %s', (policy, name, verdict) => {
    expect(judge(name, policy)).toBe(verdict);
  });

  it.each([
    '',
    '[',
    '[::1',
    '%',
    'a b',
    'localhost/x',
    'user@localhost',
    'localhost?',
    'localhost#',
    'localhost\\',
    'localhost:port',
    '127.0.0.1:99999',
  ])('finds that %j is no host, even where any is allowed', (name) => {
    for (const allowedHosts of [[], ['*']]) expect(judge(name, { allowedHosts })).toBe('malformed');
  });

  it('wants one host, and no more', () => {
    expect(judge([])).toBe('malformed');
    expect(judge(['localhost', 'localhost'])).toBe('malformed');
    expect(new HostPolicy({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }).judge({ headersDistinct: {}, url: '/' })).toBe(
      'malformed',
    );
  });

  it('judges the host of a target that is a URL as well', () => {
    expect(judge('localhost', {}, 'http://evil.example/ws')).toBe('refused');
    expect(judge('evil.example', {}, 'http://localhost/ws')).toBe('refused');
    expect(judge('localhost', {}, 'http://[/ws')).toBe('malformed');
    expect(judge('localhost', {}, 'http://127.0.0.1:3000/ws')).toBe('allowed');
  });
});
