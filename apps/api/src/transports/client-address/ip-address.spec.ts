import { parseAddress } from './ip-address';

describe('parseAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    [' 192.0.2.7 ', '192.0.2.7'],
    ['192.0.2.7:443', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['[::ffff:192.0.2.7]:443', '192.0.2.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['::', '::'],
  ])('reads %s as %s', (written, text) => {
    expect(parseAddress(written)?.text).toBe(text);
  });

  it.each([
    ['::1', '0:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['2001:db8::', '2001:db8:0:0:0:0:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0:0:0:c000:207'],
  ])('knows the eight groups of %s', (written, groups) => {
    expect(parseAddress(written)).toMatchObject({ family: 'ipv6', groups: groups.split(':') });
  });

  it.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.7/8',
    '010.0.0.1',
    '1:2',
    '[::1',
    '::1]',
    '192.0.2.7:port',
    '"192.0.2.7"',
    '%',
    '[]',
    '192.0.2.7, 192.0.2.8',
  ])('reads nothing in "%s"', (written) => {
    expect(parseAddress(written)).toBeUndefined();
  });
});
