import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { OpeningQueue } from '@parley/engine';
import type { WebSocket } from 'ws';
import { FakeClientSocket } from '../../testing/fake-client-socket';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { pass, startVirtualTime } from '@parley/engine/testing';
import { ClientAddress } from '../client-address/client-address';
import { ConnectionRegistry } from './connection-registry';
import { InputMeter } from './input/input-meter';
import { SocketAdmission } from './socket-admission';

describe('SocketAdmission', () => {
  let logger: RecordingLogger;
  let registry: ConnectionRegistry;
  let socket: FakeClientSocket;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
    registry = new ConnectionRegistry();
    socket = new FakeClientSocket();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  function admit(headers: Record<string, string> = {}): boolean {
    const settings = testSettings();
    const admission = new SocketAdmission(
      settings,
      {},
      registry,
      new OpeningQueue(settings),
      new InputMeter(),
      new ClientAddress(settings),
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
