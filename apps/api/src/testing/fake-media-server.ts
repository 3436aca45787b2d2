import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRoom {
  participants: { identity: string; name?: string; kind?: 'STANDARD' | 'AGENT'; tracks?: object[] }[];
  activeRecording?: boolean;
  metadata?: string;
}

/** The API of a LiveKit server, with rooms that a test fills. */
export class FakeMediaServer {
  readonly rooms = new Map<string, FakeRoom>();
  /** What was asked, except for lists: the method and the room or identity. */
  readonly asked: string[] = [];
  /** While true, all requests are answered with 503. */
  isAway = false;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(): Promise<FakeMediaServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return new FakeMediaServer(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const method = request.url?.split('/').at(-1) ?? '';
    const answer = this.isAway ? undefined : this.result(method, body === '' ? {} : (JSON.parse(body) as Record<string, unknown>));
    const [status, result] = this.isAway ? [503, { code: 'unavailable' }] : answer ? [200, answer] : [404, { code: 'not_found' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }

  private result(method: string, request: Record<string, unknown>): object | undefined {
    const name = String(request['room'] ?? request['roomName'] ?? '');
    const room = this.rooms.get(name);
    if (!/^(?:List|$)/.test(method)) this.asked.push(`${method} ${name}`);
    switch (method) {
      case '':
        return {};
      case 'ListRooms':
        return { rooms: this.listed(request['names'] as string[] | undefined) };
      case 'ListParticipants':
        return {
          participants: (room?.participants ?? []).map((participant) => ({ joinedAt: '1700000000', state: 'ACTIVE', ...participant })),
        };
      case 'RemoveParticipant': {
        const left = room?.participants.filter(({ identity }) => identity !== request['identity']);
        if (!room || left?.length === room.participants.length) return undefined;
        room.participants = left ?? [];
        return {};
      }
      case 'DeleteRoom':
        return this.rooms.delete(name) ? {} : undefined;
      case 'ListEgress':
        return { items: room?.activeRecording ? [{ egressId: 'EG_1' }] : [] };
      case 'StartRoomCompositeEgress':
      case 'StopEgress':
        return { egressId: 'EG_1' };
      case 'CreateDispatch':
        return { id: 'AD_1' };
      case 'CreateIngress':
        return { ingressId: 'IN_1', url: 'https://rooms.example/w', streamKey: 'key-of-the-stream' };
      default:
        return undefined;
    }
  }

  private listed(names: readonly string[] = []): object[] {
    const rooms = [...this.rooms].filter(([name]) => names.length === 0 || names.includes(name));
    return rooms.map(([name, { activeRecording = false, metadata = '' }]) => ({
      name,
      creationTime: '1700000000',
      activeRecording,
      metadata,
    }));
  }
}
