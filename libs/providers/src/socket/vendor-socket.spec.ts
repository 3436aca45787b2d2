import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startSocketServer, type SocketServer, type SocketServerOptions } from '../testing/socket-server';
import { until } from '../testing/collect';
import { VendorSocket, type SocketEnd, type VendorSocketOptions } from './vendor-socket';

describe('VendorSocket', () => {
  let server: SocketServer | undefined;
  afterEach(() => server?.close());

  async function start(options: SocketServerOptions = {}): Promise<SocketServer> {
    server = await startSocketServer(options);
    return server;
  }

  function open(origin: string, options: Partial<VendorSocketOptions> = {}) {
    const seen: { opened: number; messages: string[]; ends: SocketEnd[] } = { opened: 0, messages: [], ends: [] };
    const socket = new VendorSocket(
      { url: origin.replace('http', 'ws'), headers: { 'x-key': 'k' }, handshakeTimeoutMs: 60_000, heartbeatMs: 60_000, ...options },
      { opened: () => (seen.opened += 1), message: (text) => seen.messages.push(text), ended: (end) => seen.ends.push(end) },
    );
    return { socket, seen };
  }

  it('sends JSON and headers, receives text, and reports the vendor’s close once', async () => {
    const { origin, accept } = await start();
    const { socket, seen } = open(origin);
    const peer = await accept();
    await until(() => seen.opened === 1);
    socket.send({ a: 1 });
    expect(await peer.next()).toEqual({ a: 1 });
    expect(peer.headers['x-key']).toBe('k');
    peer.send({ b: 2 });
    await until(() => seen.messages.length === 1);
    peer.socket.close(4000, 'no');
    await socket.gone;
    expect(seen.messages).toEqual(['{"b":2}']);
    expect(seen.ends).toEqual([{ kind: 'closed', code: 4000, reason: 'no' }]);
    expect(socket.isOpen).toBe(false);
  });

  it('reports a refusal with its status, its body and the requested waiting time', async () => {
    const { origin } = await start({ refuse: () => ({ status: 429, body: '{"error":1}', headers: { 'Retry-After': '3' } }) });
    const { socket, seen } = open(origin);
    await socket.gone;
    expect(seen.ends).toEqual([{ kind: 'refused', status: 429, body: '{"error":1}', retryAfterMs: 3_000 }]);
    expect(seen.opened).toBe(0);
  });

  it('gives up on a vendor that does not answer the upgrade', async () => {
    const { origin } = await start({ refuse: () => 'stall' });
    const { socket, seen } = open(origin, { handshakeTimeoutMs: 30 });
    await socket.gone;
    expect(seen.ends).toEqual([{ kind: 'timeout' }]);
  });

  it('fails with a timeout on a refusal whose body never ends', async () => {
    const sockets: Socket[] = [];
    const raw = createServer((socket) => {
      sockets.push(socket);
      socket.once('data', () => socket.write('HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nbusy'));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    const { socket, seen } = open(`http://127.0.0.1:${(raw.address() as AddressInfo).port}`, { handshakeTimeoutMs: 100 });
    await socket.gone;
    expect(seen.ends).toMatchObject([{ kind: 'timeout' }]);
    for (const peer of sockets) peer.destroy();
    await new Promise((resolve) => raw.close(resolve));
  });

  it('reports a vendor that could not be reached', async () => {
    const { origin, close } = await start();
    await close();
    server = undefined;
    const { socket, seen } = open(origin);
    await socket.gone;
    expect(seen.ends).toMatchObject([{ kind: 'failed', cause: { code: 'ECONNREFUSED' } }]);
  });

  it('reports a dropped connection with close code 1006', async () => {
    const { origin, accept } = await start();
    const { socket, seen } = open(origin);
    (await accept()).socket.terminate();
    await socket.gone;
    expect(seen.ends).toEqual([{ kind: 'closed', code: 1006, reason: '' }]);
  });

  it('ends the connection to a vendor that never answers the close frame', async () => {
    const { origin, accept } = await start();
    const { socket, seen } = open(origin);
    const peer = await accept();
    await until(() => seen.opened === 1);
    peer.socket.pause();
    socket.close();
    await socket.gone;
    expect(seen.ends).toHaveLength(1);
  });

  it('can be closed while it is connecting', async () => {
    const { origin } = await start({ refuse: () => 'stall' });
    const { socket, seen } = open(origin);
    socket.close();
    await socket.gone;
    expect(seen.ends).toHaveLength(1);
    expect(seen.opened).toBe(0);
  });

  it('ends the connection to a peer that answers no pings', async () => {
    const { origin, accept } = await start();
    const { socket, seen } = open(origin, { heartbeatMs: 30 });
    const peer = await accept();
    await until(() => seen.opened === 1);
    peer.socket.pause();
    await socket.gone;
    expect(seen.ends).toEqual([{ kind: 'closed', code: 1006, reason: '' }]);
  });

  it('keeps the connection to a peer that answers pings', async () => {
    const { origin, accept } = await start();
    const { socket, seen } = open(origin, { heartbeatMs: 100 });
    const peer = await accept();
    let pings = 0;
    peer.socket.on('ping', () => (pings += 1));
    await until(() => pings >= 4);
    expect(seen.ends).toEqual([]);
    socket.close();
    await socket.gone;
  });
});
