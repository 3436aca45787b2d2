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
  ])('allows the loopback name %s whichever address the server listens on', (name) => {
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
  ])('refuses %s when nothing is configured', (name) => {
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
  ])('for a server that listens on %s judges the host %s as %s', (host, name, verdict) => {
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
  ])('with the settings %j judges the host %s as %s', (policy, name, verdict) => {
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
  ])('judges %j as malformed even when every host is allowed', (name) => {
    for (const allowedHosts of [[], ['*']]) expect(judge(name, { allowedHosts })).toBe('malformed');
  });

  it('requires exactly one host', () => {
    expect(judge([])).toBe('malformed');
    expect(judge(['localhost', 'localhost'])).toBe('malformed');
    expect(new HostPolicy({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }).judge({ headersDistinct: {}, url: '/' })).toBe(
      'malformed',
    );
  });

  it('also judges the host of a request target that is a URL', () => {
    expect(judge('localhost', {}, 'http://evil.example/ws')).toBe('refused');
    expect(judge('evil.example', {}, 'http://localhost/ws')).toBe('refused');
    expect(judge('localhost', {}, 'http://[/ws')).toBe('malformed');
    expect(judge('localhost', {}, 'http://127.0.0.1:3000/ws')).toBe('allowed');
  });
});
