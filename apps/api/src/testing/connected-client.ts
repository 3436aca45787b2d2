import type { ServerMessage } from '@parley/protocol';
import { ClientConnection } from '../connection/client-connection';
import type { Connection } from '../session/connection-scoped';
import type { ConversationEngine } from '../session/conversation-engine';
import { FakeClientSocket } from './fake-client-socket';
import { RecordingEngine } from './recording-engine';
import { settle } from './virtual-time';

/** The message a client sends to start. */
export const START = { type: 'start_conversation' };
/** Stands for `conversation_started`. */
const DESCRIPTION: ServerMessage = { type: 'heartbeat' };

/** A client connection on a fake socket, the engine it gets, and its time. */
export class ConnectedClient {
  readonly socket = new FakeClientSocket();
  readonly engine = new RecordingEngine();
  readonly opened: Connection[] = [];
  readonly closed: ClientConnection[] = [];
  nowMs = 0;
  readonly connection: ClientConnection;

  constructor(open: (client: ConnectedClient) => Promise<ConversationEngine> = async ({ engine }) => engine) {
    this.connection = new ClientConnection(
      this.socket,
      {
        open: (connection) => {
          this.opened.push(connection);
          return open(this);
        },
        describe: () => DESCRIPTION,
        now: () => this.nowMs,
      },
      (connection) => this.closed.push(connection),
    );
  }

  static async started(fields: object = {}): Promise<ConnectedClient> {
    const client = new ConnectedClient();
    client.socket.says({ ...START, ...fields });
    await settle();
    client.socket.sent.length = 0;
    return client;
  }

  get calls(): unknown[] {
    return this.engine.calls;
  }
}
