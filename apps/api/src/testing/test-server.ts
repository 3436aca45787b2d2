import type { INestApplication, LoggerService } from '@nestjs/common';
import { decodeSpeechFrame, type ServerMessage, type SpeechFrame } from '@parley/protocol';
import { eventually } from '@parley/testing';
import { WebSocket } from 'ws';
import type { Settings, StageProviders } from '@parley/server';
import { prepareServer } from '../prepare-server';
import { type ModuleOverrides, testModule } from './test-module';

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** The whole server on a free port of this machine. Whoever starts it must close it. */
export class TestServer {
  private readonly clients: TestClient[] = [];

  private constructor(
    readonly app: INestApplication,
    readonly origin: string,
  ) {}

  static async start(
    providers: StageProviders,
    logger: LoggerService,
    settings?: Settings,
    overrides?: ModuleOverrides,
  ): Promise<TestServer> {
    const module = await testModule(providers, logger, settings, overrides);
    const app = module.createNestApplication();
    prepareServer(app);
    await app.listen(0, '127.0.0.1');
    return new TestServer(app, await app.getUrl());
  }

  async connect(headers: Record<string, string> = {}, path = '/ws'): Promise<TestClient> {
    const client = new TestClient(new WebSocket(`${this.origin.replace('http', 'ws')}${path}`, { headers }));
    this.clients.push(client);
    await client.opened;
    return client;
  }

  async close(): Promise<void> {
    for (const { socket } of this.clients) socket.terminate();
    await this.app.close();
  }
}

/** A client that is connected to the server by a real socket. */
export class TestClient {
  readonly messages: ServerMessage[] = [];
  readonly frames: SpeechFrame[] = [];
  /** Undefined until the socket has closed. */
  closeCode: number | undefined;
  readonly opened: Promise<void>;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      const frame = isBinary ? decodeSpeechFrame(data) : undefined;
      if (frame) this.frames.push(frame);
      if (!isBinary) this.messages.push(JSON.parse(data.toString('utf8')) as ServerMessage);
    });
    socket.on('close', (code) => (this.closeCode = code));
    this.opened = new Promise((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.on('error', reject);
    });
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  of<Type extends ServerMessage['type']>(type: Type): MessageOf<Type>[] {
    return this.messages.filter((message): message is MessageOf<Type> => message.type === type);
  }

  /** Waits until `count` messages of this type have arrived, and resolves with the last of them. */
  async hears<Type extends ServerMessage['type']>(type: Type, count = 1): Promise<MessageOf<Type>> {
    await eventually(() => this.of(type).length >= count, `message ${type}`);
    return this.of(type)[count - 1];
  }

  async closed(): Promise<number> {
    await eventually(() => this.closeCode !== undefined, 'the socket to close');
    return this.closeCode ?? 0;
  }
}
