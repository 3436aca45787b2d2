import { parseProxies, type Proxies } from './proxies';

describe('parseProxies', () => {
  it.each<[text: string, proxies: Proxies]>([
    ['false', { hops: 0 }],
    ['0', { hops: 0 }],
    ['true', { hops: 1 }],
    ['TRUE', { hops: 1 }],
    ['1', { hops: 1 }],
    [' 2 ', { hops: 2 }],
    ['16', { hops: 16 }],
    ['192.0.2.7', { addresses: ['192.0.2.7'] }],
    ['10.0.0.0/8, FD00::/8 ,127.0.0.1', { addresses: ['10.0.0.0/8', 'fd00::/8', '127.0.0.1'] }],
    ['::1/128,0.0.0.0/1', { addresses: ['::1/128', '0.0.0.0/1'] }],
  ])('reads "%s"', (text, proxies) => {
    expect(parseProxies(text)).toEqual(proxies);
  });

  it.each([
    '',
    'yes',
    '-1',
    '17',
    '1.5',
    'proxy.example',
    '10.0.0.0/8,',
    ',',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0/8',
    '010.0.0.1',
    'fe80::1%eth0',
    '10.0.0.1:80',
    '10.0.0.1 10.0.0.2',
  ])('refuses "%s"', (text) => {
    expect(parseProxies(text)).toBeUndefined();
  });

  it.each(['0.0.0.0/0', '::/0', '10.0.0.0/8,::/0'])('refuses "%s", because with it every client could choose its own address', (text) => {
    expect(parseProxies(text)).toBeUndefined();
  });
});
