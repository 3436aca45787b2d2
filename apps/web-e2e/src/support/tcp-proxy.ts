import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP proxy between browsers and a server, whose connections can be broken while the server runs. The caller must close it. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private isOffline = false;
  private delayMs = 0;

  private constructor(
    private readonly listener: Server,
    /** The proxy's origin. */
    readonly url: string,
  ) {}

  static async open(serverUrl: string): Promise<TcpProxy> {
    const port = Number(new URL(serverUrl).port);
    const listener = createServer((near) => {
      if (proxy.isOffline) {
        near.resetAndDestroy();
        return;
      }
      setTimeout(() => proxy.join(near, connect(port, '127.0.0.1')), proxy.delayMs);
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const proxy = new TcpProxy(listener, `http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    return proxy;
  }

  /** Resets every connection; new ones are accepted. */
  resetConnections(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Resets every connection, and every new one until `goOnline`. */
  goOffline(): void {
    this.isOffline = true;
    this.resetConnections();
  }

  goOnline(): void {
    this.isOffline = false;
  }

  /** Delays every new connection by this time. */
  delay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  async close(): Promise<void> {
    this.listener.close();
    this.resetConnections();
    await once(this.listener, 'close');
  }

  private join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      this.sockets.add(socket);
      socket.pipe(other);
      // Broken connections are this proxy's purpose.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
