import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The one address in front of several nodes. New connections go to the preferred node, or to another one if that does not answer; those to a node
 * that dies end. The caller must stop it.
 */
export class NodeProxy {
  private readonly sockets = new Set<Socket>();
  private preferred = 0;

  private constructor(
    private readonly listener: Server,
    private readonly ports: readonly number[],
  ) {
    listener.on('connection', (near) => this.forward(near, [...this.ports.slice(this.preferred), ...this.ports.slice(0, this.preferred)]));
  }

  static async open(ports: readonly number[]): Promise<NodeProxy> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new NodeProxy(listener, ports);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** New connections go to that node, as long as it answers. */
  prefer(node: number): void {
    this.preferred = node;
  }

  async stop(): Promise<void> {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.listener, 'close');
  }

  private forward(near: Socket, [port, ...others]: readonly number[]): void {
    this.keep(near);
    if (port === undefined) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    this.keep(far);
    far.once('error', () => this.forward(near, others));
    far.once('connect', () => {
      far.removeAllListeners('error').on('error', () => near.destroy());
      near.once('close', () => far.destroy());
      far.once('close', () => near.destroy());
      near.pipe(far).pipe(near);
    });
  }

  private keep(socket: Socket): void {
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // What matters to anybody is that the connection has ended.
    socket.on('error', () => socket.destroy());
  }
}
