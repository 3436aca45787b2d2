import {
  type AudioOutput,
  type Connection,
  type Conversation,
  type ConversationEvent,
  type EngineDescription,
  type EngineFactory,
  OpeningQueue,
} from '@parley/engine';
import type { ConversationStarted, EngineName } from '@parley/protocol';
import { ClientConnection } from '../transports/websocket/client-connection';
import type { Engines } from '@parley/server';
import { InputMeter } from '../transports/websocket/input/input-meter';
import { newOpusDecoder as newRealOpusDecoder, type NewOpusDecoder } from '../transports/websocket/input/opus-decoder';
import { FakeClientSocket } from './fake-client-socket';
import { RecordingEngine } from './recording-engine';
import { settle } from '@parley/engine/testing';

/** The message with which a client starts a conversation. */
export const START = { type: 'start_conversation' };

/** How the engines in tests describe themselves. */
export const TEST_ENGINE: EngineDescription = { providers: {}, endOfTurnSilenceMs: 900, inactivityTimeoutMs: 60_000 };

/** The first message of a conversation with an engine in tests. */
export const startedMessage = (engine: EngineName, conversationId: string): ConversationStarted => ({
  type: 'conversation_started',
  conversation_id: conversationId,
  engine,
  input_audio: { encoding: 'pcm_s16le', sample_rate: 16_000, frame_ms: 20 },
  output_audio: { encoding: 'pcm_s16le', sample_rate: 24_000 },
  providers: {},
  timing: { end_of_turn_silence_ms: 900, inactivity_timeout_ms: 60_000 },
});

/** A client connection on a fake socket, whose clock the test sets. Every engine name that the client asks for leads to the same engine. */
export class ConnectedClient {
  readonly socket = new FakeClientSocket();
  readonly engine = new RecordingEngine();
  readonly opened: Connection[] = [];
  readonly closed: ClientConnection[] = [];
  readonly meter = new InputMeter();
  nowMs = 0;
  readonly connection: ClientConnection;

  constructor(
    private readonly open: (client: ConnectedClient) => Promise<Conversation> = async ({ engine }) => engine,
    engineNames: readonly EngineName[] = ['pipeline'],
    private readonly newOpusDecoder: NewOpusDecoder = newRealOpusDecoder,
    private readonly openings = new OpeningQueue({ maxOpening: 50 }),
  ) {
    const engines: Engines = Object.fromEntries(engineNames.map((name) => [name, this.factory()]));
    const { newOpusDecoder: newDecoder, meter, socket } = this;
    const options = { engines, openings: this.openings, newOpusDecoder: newDecoder, meter, wire: socket.wire, now: () => this.nowMs };
    this.connection = new ClientConnection(socket, options, (connection) => this.closed.push(connection));
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

  /** Sends an event to the connection, as its conversation would. */
  emit(event: ConversationEvent): void {
    this.opened[0].emit(event);
  }

  /** The output that the connection gives to its conversation. */
  get output(): AudioOutput {
    return this.opened[0].output;
  }

  private factory(): EngineFactory {
    return {
      describe: () => TEST_ENGINE,
      open: (connection) => {
        this.opened.push(connection);
        return this.open(this);
      },
    };
  }
}
