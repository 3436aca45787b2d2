import { parseTarget } from './request-target';

describe('parseTarget', () => {
  it.each([
    ['/', '/', undefined],
    ['/ws', '/ws', undefined],
    ['/ws?language=en&x=/[', '/ws', undefined],
    ['/ws#x', '/ws', undefined],
    ['/[', '/[', undefined],
    ['/%', '/%', undefined],
    ['/ws//[', '/ws//[', undefined],
    ['http://127.0.0.1:3000/ws?x', '/ws', '127.0.0.1:3000'],
    ['WSS://parley.example', '/', 'parley.example'],
    ['https://parley.example?x', '/', 'parley.example'],
    ['http://[/ws', '/ws', '['],
  ])('reads the target %s as the path %s of the host %s', (target, path, host) => {
    expect(parseTarget(target)).toEqual({ path, host });
  });

  it.each([
    undefined,
    '',
    '*',
    'ws',
    '//',
    '//[',
    '//evil.example/ws',
    '/\\[',
    'http://',
    'http:///ws',
    'gopher://127.0.0.1/ws',
    'evil.example:443',
  ])('finds no path in the target %s', (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });
});
