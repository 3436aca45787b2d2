import type { ConversationStarted, EngineName } from '@parley/protocol';
import { ClientConnection } from '../transports/websocket/client-connection';
import type { Engines } from '../engines/engines';
import { InputMeter } from '../transports/websocket/input/input-meter';
import { newOpusDecoder as newRealOpusDecoder, type NewOpusDecoder } from '../transports/websocket/input/opus-decoder';
import { OpeningQueue } from '../transports/websocket/opening-queue';
import type { Connection } from '../engines/connection/connection-scoped';
import type { ConversationEngine, EngineFactory } from '../engines/session/conversation-engine';
import { FakeClientSocket } from './fake-client-socket';
import { RecordingEngine } from './recording-engine';
import { settle } from './virtual-time';

/** The message a client sends to start. */
export const START = { type: 'start_conversation' };

/** What a client is told of a conversation on an engine of the tests. */
export const startedMessage = (engine: EngineName, conversationId: string): ConversationStarted => ({
  type: 'conversation_started',
  conversation_id: conversationId,
  engine,
  input_audio: { encoding: 'pcm_s16le', sample_rate: 16_000, frame_ms: 20 },
  output_audio: { encoding: 'pcm_s16le', sample_rate: 24_000 },
  providers: {},
  timing: { end_of_turn_silence_ms: 900, inactivity_timeout_ms: 60_000 },
});

/** A client connection on a fake socket, the engine it gets, whatever its name, and its time. */
export class ConnectedClient {
  readonly socket = new FakeClientSocket();
  readonly engine = new RecordingEngine();
  readonly opened: Connection[] = [];
  readonly closed: ClientConnection[] = [];
  readonly meter = new InputMeter();
  nowMs = 0;
  readonly connection: ClientConnection;

  constructor(
    private readonly open: (client: ConnectedClient) => Promise<ConversationEngine> = async ({ engine }) => engine,
    engineNames: readonly EngineName[] = ['pipeline'],
    private readonly newOpusDecoder: NewOpusDecoder = newRealOpusDecoder,
    private readonly openings = new OpeningQueue({ maxOpening: 50 }),
  ) {
    const engines: Engines = Object.fromEntries(engineNames.map((name) => [name, this.factoryOf(name)]));
    const options = { engines, openings: this.openings, newOpusDecoder: this.newOpusDecoder, meter: this.meter, now: () => this.nowMs };
    this.connection = new ClientConnection(this.socket, options, (connection) => this.closed.push(connection));
  }

  static async started(fields: object = {}, newDecoder?: NewOpusDecoder): Promise<ConnectedClient> {
    const client = new ConnectedClient(undefined, undefined, newDecoder);
    client.socket.says({ ...START, ...fields });
    await settle();
    client.socket.sent.length = 0;
    return client;
  }

  get calls(): unknown[] {
    return this.engine.calls;
  }

  private factoryOf(name: EngineName): EngineFactory {
    return {
      describe: ({ id }) => startedMessage(name, id),
      open: (connection) => {
        this.opened.push(connection);
        return this.open(this);
      },
    };
  }
}
