import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';

const EVERY_MS = 20;
const SERVER = `
  import { WebSocketServer } from 'ws';
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  server.on('listening', () => console.log(server.address().port));
`;

/**
 * A process that only echoes, beside the one that is measured: its delay is caused by the machine alone, that is by loopback and the
 * wait for a free core. The caller must stop it.
 */
export class BareEcho {
  readonly roundTripsMs: number[] = [];
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly child: ChildProcess,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data: Buffer) => this.roundTripsMs.push(performance.now() - Number(data.toString('utf8'))));
    this.timer = setInterval(() => socket.send(String(performance.now())), EVERY_MS);
  }

  static async start(): Promise<BareEcho> {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const socket = new WebSocket(`ws://127.0.0.1:${port.toString('utf8').trim()}`, { perMessageDeflate: false });
    await once(socket, 'open');
    return new BareEcho(child, socket);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.socket.terminate();
    const exit = once(this.child, 'exit');
    this.child.kill();
    await exit;
  }
}
