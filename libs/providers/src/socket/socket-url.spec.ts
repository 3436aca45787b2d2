import { httpOrigin, socketUrl } from './socket-url';
import { assertUsableEndpoint } from './usable-endpoint';

describe('socketUrl', () => {
  it.each([
    ['http://127.0.0.1:4000', 'ws://127.0.0.1:4000/a?x=1'],
    ['https://api.example.com/', 'wss://api.example.com/a?x=1'],
    ['ws://127.0.0.1:4000', 'ws://127.0.0.1:4000/a?x=1'],
    ['WSS://api.example.com/prefix', 'wss://api.example.com/prefix/a?x=1'],
  ])('makes a WebSocket URL from %s', (origin, expected) => {
    expect(socketUrl(origin, '/a', { x: 1, y: undefined })).toBe(expected);
  });

  it('escapes the values of parameters', () => {
    expect(new URL(socketUrl('ws://h', '/a', { model: 'saaras:v3&x' })).searchParams.get('model')).toBe('saaras:v3&x');
  });
});

describe('httpOrigin', () => {
  it.each([
    ['wss://api.example.com/', 'https://api.example.com'],
    ['ws://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['https://api.example.com', 'https://api.example.com'],
  ])('makes an HTTP origin from %s', (origin, expected) => {
    expect(httpOrigin(origin)).toBe(expected);
  });
});

describe('assertUsableEndpoint', () => {
  it('accepts all four schemes', () => {
    for (const scheme of ['http', 'https', 'ws', 'wss']) expect(() => assertUsableEndpoint(`${scheme}://h`, 'key')).not.toThrow();
  });

  it.each([['ftp://h'], ['api.example.com'], ['http://']])('refuses %s', (origin) => {
    expect(() => assertUsableEndpoint(origin, 'key')).toThrow('is not an http');
  });

  it('refuses a key that cannot be sent in a header, without repeating it in the message', () => {
    expect(() => assertUsableEndpoint('http://h', 'secret\n')).toThrow(/^(?!.*secret).*API key/);
  });
});
