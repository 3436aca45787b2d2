import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { WebSocketServer } from 'ws';
import { FakeDuplex } from '../../testing/fake-duplex';
import { HostPolicy } from './host-policy';
import { upgradeListener } from './upgrade-listener';

const HEAD = Buffer.alloc(0);

function requestOf(url: string, host: string): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.url = url;
  request.method = 'GET';
  request.headersDistinct = { host: [host] };
  return request;
}

describe('upgradeListener', () => {
  let socket: FakeDuplex;
  let failures: unknown[];
  let upgraded: string[];
  let handleUpgrade: () => void;
  beforeEach(() => {
    socket = new FakeDuplex();
    failures = [];
    upgraded = [];
    handleUpgrade = () => undefined;
  });
  afterEach(() => socket.destroy());

  function upgrade(url: string, host = 'localhost'): void {
    const server = {
      handleUpgrade: (request: IncomingMessage) => {
        upgraded.push(request.url ?? '');
        handleUpgrade();
      },
    };
    const listener = upgradeListener({
      hosts: new HostPolicy({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
      tokens: { check: () => undefined },
      serverAt: (path) => (path === '/ws' ? (server as unknown as WebSocketServer) : undefined),
      onFailure: (error) => failures.push(error),
    });
    listener(requestOf(url, host), socket, HEAD);
  }

  it.each(['/ws', '/ws?language=en', 'http://localhost/ws'])('passes an upgrade of %s to the server of its path', (url) => {
    upgrade(url);
    expect(upgraded).toEqual([url]);
    expect(socket.written).toBe('');
  });

  it.each([
    [400, '/ws', '['],
    [400, '/ws', 'localhost:port'],
    [400, '//[', 'localhost'],
    [400, '*', 'localhost'],
    [403, '/ws', 'evil.example'],
    [403, 'http://evil.example/ws', 'localhost'],
    [404, '/ws/', 'localhost'],
    [404, '/ws/../ws', 'localhost'],
    [404, '/[', 'localhost'],
  ])('answers with a complete response of status %d for the target %s of the host %s', (status, url, host) => {
    upgrade(url, host);
    const [head, body] = socket.written.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
    expect(head.split('\r\n')).toEqual(expect.arrayContaining(['Connection: close', `Content-Length: ${body.length}`]));
    expect(body).toMatch(/\w/);
    expect(socket.writableEnded).toBe(true);
    expect(upgraded).toEqual([]);
    expect(failures).toEqual([]);
  });

  it.each([
    ['/ws', 'localhost'],
    ['//[', '['],
  ])('listens for errors of the socket from the beginning to the end (target %s, host %s)', (url, host) => {
    upgrade(url, host);
    expect(socket.listenerCount('error')).toBe(1);
    socket.emit('error', new Error('reset'));
    expect(socket.destroyed).toBe(true);
    expect(() => socket.emit('error', new Error('reset again'))).not.toThrow();
  });

  it('destroys the socket and reports the error when a server fails', () => {
    const failure = new Error('broken');
    handleUpgrade = () => {
      throw failure;
    };
    upgrade('/ws');
    expect(socket.destroyed).toBe(true);
    expect(failures).toEqual([failure]);
  });
});
