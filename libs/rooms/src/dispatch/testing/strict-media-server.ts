import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ServerMessage, WorkerMessage } from '@livekit/protocol';
import { TokenVerifier } from 'livekit-server-sdk';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { until } from '../../testing/until';

export type WorkerRequest = WorkerMessage['message'];
type Answer = ConstructorParameters<typeof ServerMessage>[0];

/** One worker's connection, seen from the server. */
export class ConnectedWorker {
  readonly messages: WorkerRequest[] = [];
  closedWith: number | undefined;
  /** Whether pings are answered. */
  answersPings = true;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.read(data));
    socket.on('close', (code) => (this.closedWith = code));
  }

  send(message: Answer): void {
    this.socket.send(new ServerMessage(message).toBinary());
  }

  /** All messages of one kind. */
  of<Case extends WorkerRequest['case']>(kind: Case): Extract<WorkerRequest, { case: Case }>['value'][] {
    return this.messages.flatMap((message) => (message.case === kind ? [message.value as never] : []));
  }

  async untilSaid(kind: WorkerRequest['case'], count = 1): Promise<void> {
    await until(() => this.of(kind).length >= count, `${count} × ${kind}`);
  }

  offer(jobId: string, room = 'lobby', metadata = ''): void {
    this.send({ message: { case: 'availability', value: { job: { id: jobId, room: { name: room }, metadata } } } as never });
  }

  assign(jobId: string, room = 'lobby', token = 'a-token'): void {
    this.send({ message: { case: 'assignment', value: { job: { id: jobId, room: { name: room } }, token } } as never });
  }

  private read(data: RawData): void {
    const { message } = WorkerMessage.fromBinary(data as Buffer);
    if (this.messages.length === 0 && message.case !== 'register') return this.socket.close(1002);
    this.messages.push(message);
    if (message.case === 'ping' && this.answersPings) {
      this.send({ message: { case: 'pong', value: { lastTimestamp: message.value.timestamp } } as never });
    }
  }
}

export interface StrictServerOptions {
  apiKey: string;
  apiSecret: string;
}

/** The worker's end of a media server in this process, which refuses everything that the protocol does not have. */
export class StrictMediaServer {
  readonly workers: ConnectedWorker[] = [];
  /** Whether a registration is confirmed. */
  confirms = true;
  /** How often somebody has tried to connect. */
  attempts = 0;
  private readonly sockets = new WebSocketServer({ noServer: true });

  private constructor(
    private readonly http: Server,
    private readonly options: StrictServerOptions,
  ) {
    http.on('upgrade', (request, socket: Socket, head) => void this.upgrade(request, socket, head));
  }

  static async start(options: StrictServerOptions, port = 0): Promise<StrictMediaServer> {
    const http = createServer().listen(port, '127.0.0.1');
    await once(http, 'listening');
    return new StrictMediaServer(http, options);
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The worker that connected as the nth, once it has registered. */
  async worker(index = 0): Promise<ConnectedWorker> {
    await until(() => (this.workers[index]?.of('register').length ?? 0) > 0, `worker ${index}`);
    return this.workers[index];
  }

  async stop(): Promise<void> {
    for (const { socket } of this.workers) socket.terminate();
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }

  private async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    this.attempts++;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const claims = await new TokenVerifier(this.options.apiKey, this.options.apiSecret).verify(token).catch(() => undefined);
    if (!claims?.video?.agent || request.url !== '/agent?protocol=1') {
      socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${token.length}\r\nConnection: close\r\n\r\n${token}`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const worker = new ConnectedWorker(webSocket);
      this.workers.push(worker);
      webSocket.once('message', () => {
        if (this.confirms) worker.send({ message: { case: 'register', value: { workerId: `AW_${this.workers.length}` } } as never });
      });
    });
  }
}
