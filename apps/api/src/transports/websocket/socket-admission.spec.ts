import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { OpeningQueue } from '@parley/engine';
import type { WebSocket } from 'ws';
import { FakeClientSocket } from '../../testing/fake-client-socket';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { pass, startVirtualTime } from '@parley/engine/testing';
import type { Settings } from '@parley/server';
import { Registry } from 'prom-client';
import { ClientAddress } from '../client-address/client-address';
import { ConnectionRegistry } from './connection-registry';
import { ConnectionCount } from '../limits/address/connection-count';
import { HeldBytes } from '../limits/address/held-bytes';
import { RefusalCounter } from '../limits/refusal-counter';
import { StartAdmission } from '../limits/start-admission';
import { InputMeter } from './input/input-meter';
import { SocketLimits } from './limits/socket-limits';
import { SocketAdmission } from './socket-admission';

describe('SocketAdmission', () => {
  let logger: RecordingLogger;
  let registry: ConnectionRegistry;
  let socket: FakeClientSocket;
  let settings: Settings;
  let registryOfMetrics: Registry;
  let limits: SocketLimits;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
    settings = testSettings({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    registry = new ConnectionRegistry(settings);
    registryOfMetrics = new Registry();
    limits = limitsWith(new ConnectionCount(settings));
    socket = new FakeClientSocket();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  const limitsWith = (connections: ConnectionCount): SocketLimits => {
    const refusals = new RefusalCounter(registryOfMetrics);
    const starts = new StartAdmission({ admit: async () => true }, { begin: async () => undefined }, refusals);
    return new SocketLimits(connections, new HeldBytes(settings), starts, refusals);
  };

  function admit(headers: Record<string, string> = {}): boolean {
    const admission = new SocketAdmission(
      settings,
      {},
      registry,
      new OpeningQueue(settings),
      new InputMeter(),
      new ClientAddress(settings),
      limits,
      { refusalOf: () => undefined },
    );
    const request = Object.assign(new IncomingMessage(new Socket()), { headers: { host: 'localhost:3000', ...headers } });
    return admission.admit(socket as unknown as WebSocket, request) !== undefined;
  }

  it('admits a client and keeps it in the registry until it disconnects', () => {
    expect(admit()).toBe(true);
    expect(registry.size).toBe(1);
    socket.disconnect();
    expect(registry.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('tells a client in band, and when to come back, that its address has too many connections, until one of them has closed', async () => {
    const [first] = [socket, admit()];
    socket = new FakeClientSocket();
    admit();
    socket = new FakeClientSocket();
    expect(admit()).toBe(false);
    expect(socket.messages.map(({ type }) => type)).toEqual(['connection_established', 'error']);
    expect(socket.of('error')).toMatchObject([{ code: 'rate_limited', fatal: true, retry_after_ms: 10_000 }]);
    expect(socket.closes).toEqual([1008]);
    expect(await registryOfMetrics.metrics()).toContain('parley_refusals_total{reason="address_connections"} 1');

    first.disconnect();
    socket = new FakeClientSocket();
    expect(admit()).toBe(true);
  });

  it('does not count connections that could not be admitted', () => {
    for (let time = 0; time < 5; time++) {
      socket = new FakeClientSocket();
      jest.spyOn(registry, 'add').mockImplementationOnce(() => {
        throw new Error('full');
      });
      expect(admit()).toBe(false);
      socket.disconnect();
    }
    socket = new FakeClientSocket();
    expect(admit()).toBe(true);
  });

  it('refuses a page of another origin and ends its connection even when it does not answer the close frame', async () => {
    expect(admit({ origin: 'https://evil.example' })).toBe(false);
    expect(socket.closes).toEqual([1008]);
    expect(socket.sent).toEqual([]);
    socket.pings();
    expect(socket.pongs).toEqual([]);
    await pass(1_000);
    expect(socket.terminated).toBe(1);
    expect(socket.listenerCounts).toEqual({});
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not wait any longer for a refused client that answers the close frame', () => {
    admit({ origin: 'https://evil.example' });
    socket.disconnect();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('closes the socket with 1011 instead of throwing when the admission fails', () => {
    jest.spyOn(registry, 'add').mockImplementation(() => {
      throw new Error('full');
    });
    expect(admit()).toBe(false);
    expect(socket.closes).toEqual([1011]);
    expect(logger.faults).toMatchObject([{ level: 'error', line: { message: 'a client could not be admitted' } }]);
  });
});
