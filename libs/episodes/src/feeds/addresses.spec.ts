import { Addresses } from './addresses';

describe('Addresses', () => {
  it.each([
    ['https://example.org', '/api/a.mp3', 'https://example.org/api/a.mp3'],
    ['https://example.org/parley', '/api/a.mp3', 'https://example.org/parley/api/a.mp3'],
    ['https://example.org/parley/', 'api/a b.mp3', 'https://example.org/parley/api/a%20b.mp3'],
    ['http://127.0.0.1:3000/?x=1#y', 'api/a.mp3?x=2', 'http://127.0.0.1:3000/api/a.mp3?x=2'],
    ['https://example.org', 'https://cdn.example.net/a.mp3', 'https://cdn.example.net/a.mp3'],
  ])('below %s, makes %s absolute', (base, address, absolute) => {
    expect(new Addresses(base).absolute(address)).toBe(absolute);
  });

  it('stays below the base', () => {
    expect(new Addresses('https://example.org/parley').absolute('//evil.example.net/a.mp3')).toBe(
      'https://example.org/parley/evil.example.net/a.mp3',
    );
  });
});
