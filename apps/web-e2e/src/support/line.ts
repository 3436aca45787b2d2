import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A line between browsers and a server that can be cut while the server lives on. Whoever opens it closes it. */
export class Line {
  private readonly sockets = new Set<Socket>();
  private isAway = false;
  private delayMs = 0;

  private constructor(
    private readonly door: Server,
    /** Origin that leads to the server. */
    readonly url: string,
  ) {}

  static async open(serverUrl: string): Promise<Line> {
    const port = Number(new URL(serverUrl).port);
    const door = createServer((near) => {
      if (line.isAway) {
        near.resetAndDestroy();
        return;
      }
      setTimeout(() => line.join(near, connect(port, '127.0.0.1')), line.delayMs);
    });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    const line = new Line(door, `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
    return line;
  }

  /** Breaks every connection without a word; new ones get through. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Breaks every connection, and every new one, until it is mended. */
  breakDown(): void {
    this.isAway = true;
    this.cut();
  }

  mend(): void {
    this.isAway = false;
  }

  /** From now on every new connection takes so long to be made. */
  delay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  async close(): Promise<void> {
    this.door.close();
    this.cut();
    await once(this.door, 'close');
  }

  private join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      this.sockets.add(socket);
      socket.pipe(other);
      // A broken connection is what this is for.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
