import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { EndReason } from '@parley/conversation';
import {
  type Connection,
  type Conversation,
  type ConversationEvent,
  describeError,
  type EngineCall,
  type EngineFactory,
  EngineHandle,
  type OpeningQueue,
} from '@parley/engine';
import { CloseCode, type EngineName, type ErrorCode, PROTOCOL_VERSION, type ServerMessage, type StartConversation } from '@parley/protocol';
import { StartRefused } from '../limits/refusal';
import { canSend } from './can-send';
import type { ClientSocket } from './client-socket';
import { conversationOptions } from './conversation-options';
import { conversationStarted } from './conversation-started';
import { type Engines, toServerMessage } from '@parley/server';
import { type ControlMessage, IncomingMessages } from './incoming-messages';
import type { InputMeter } from './input/input-meter';
import type { NewOpusDecoder } from './input/opus-decoder';
import { type ConnectionLimits, UNSHARED } from './limits/connection-limits';
import { ReaderWatch } from './limits/reader-watch';
import { SLOW_CONNECTION } from './limits/slow-reader-notice';
import type { Wire } from './limits/unstarted-limit';
import type { AgentRequest } from './parse-agent-request';
import { CLOSE_CODE, FAULT, fatalError, HELD_TOO_MUCH, NO_SUCH_ENGINE, NOT_STARTED, type Refusal, START_CLOSE_CODE } from './refusals';
import { SocketAudioOutput, type SocketWriter } from './socket-audio-output';
import { terminateSoon } from './terminate-soon';
import { workFor } from './work-for';

export interface ClientConnectionOptions {
  engines: Engines;
  openings: OpeningQueue;
  newOpusDecoder: NewOpusDecoder;
  meter: InputMeter;
  /** The connection on which the bytes of the socket arrive. */
  wire: Wire;
  /** Default: none. */
  limits?: ConnectionLimits;
  /** Whoever is connected, as an opaque text. Undefined if that is not known. */
  address?: string | undefined;
  now: () => number;
  /** Why a conversation is not started like this; undefined if nothing speaks against it. */
  refusalOf?: (start: StartConversation) => Refusal | undefined;
}

/** The connection of one client: handles its input, sends the output, and owns the conversation's engine. */
export class ClientConnection implements SocketWriter {
  /** Also the conversation's id. */
  readonly id = randomUUID();
  readonly reader: ReaderWatch;
  private readonly logger = new Logger(ClientConnection.name);
  private readonly incoming: IncomingMessages;
  private readonly limits: ConnectionLimits;
  private start: StartConversation | undefined;
  private engine: EngineHandle | undefined;
  private over = false;
  /** The close code to use instead of the one that belongs to the end of the conversation. */
  private closeCode: number | undefined;

  /** Listens at once, because frames that arrive while the engine is being created are kept. */
  constructor(
    private readonly socket: ClientSocket,
    private readonly options: ClientConnectionOptions,
    private readonly onClosed: (connection: ClientConnection) => void,
  ) {
    this.limits = options.limits ?? UNSHARED;
    this.reader = new ReaderWatch({ socket, onCut: () => this.send(SLOW_CONNECTION), onStuck: () => this.endSlow() });
    this.incoming = this.listen(options);
    socket.on('error', this.onError);
    socket.once('close', () => this.closed());
    this.send({ type: 'connection_established', message: 'Welcome to Parley.', protocol: PROTOCOL_VERSION });
  }

  /** The engine that holds the conversation or will hold it; undefined before the conversation is started. */
  get engineName(): EngineName | undefined {
    return this.start && (this.start.engine ?? 'pipeline');
  }

  /** Whether a turn is under way. A conversation that is being opened has none. */
  get isInTurn(): boolean {
    return this.engine?.isInTurn ?? false;
  }

  /**
   * Starts the conversation of an endpoint that needs no start message. Called once; ends the connection when the conversation cannot
   * start.
   */
  startAtOnce(request: AgentRequest): void {
    this.contain(() => {
      if (!request.ok) return this.giveUp({ code: 'bad_message', message: request.message }, CloseCode.refused);
      const refusal = this.startConversation(request.start);
      if (refusal) this.giveUp(refusal, refusal.code === 'not_allowed' ? CloseCode.refused : undefined);
    });
  }

  send(message: ServerMessage): void {
    if (this.isWritable()) this.socket.send(JSON.stringify(message));
  }

  sendBinary(bytes: Uint8Array): void {
    if (this.isWritable()) this.socket.send(bytes, { binary: true });
  }

  private emit(event: ConversationEvent): void {
    const message = toServerMessage(event);
    if (message) this.send(message);
    if (event.type === 'budget_spent') this.closeCode = CloseCode.refused;
    if (event.type === 'ended') this.ended(event.reason);
  }

  private ended(reason: EndReason): void {
    if (!this.over) this.finish(this.closeCode ?? CLOSE_CODE[reason]);
  }

  /** Closes a connection on which no conversation was started for a long time. */
  closeUnstarted(): void {
    if (this.start || this.over) return;
    this.limits.count('start_timeout');
    this.send({ type: 'error', code: 'not_started', message: 'No conversation was started for a long time.', fatal: true });
    this.finish(CloseCode.normal);
    terminateSoon(this.socket);
  }

  /** Ends the conversation because the server shuts down. */
  shutDown(): void {
    this.end('server_shutdown');
  }

  /** Ends the conversation because code that worked for it has failed where nothing could handle that. */
  endAfterFault(): void {
    this.giveUp(FAULT);
  }

  private listen({ newOpusDecoder, meter, now, wire }: ClientConnectionOptions): IncomingMessages {
    const { limits } = this;
    const onFailure = (error: unknown): void => this.blameServer('audio could not be decoded', error);
    const options = { newDecoder: newOpusDecoder, meter, now, wire, limits, onFailure };
    return new IncomingMessages(this.socket, options, {
      phase: () => (this.over ? 'over' : this.start ? 'started' : 'unstarted'),
      takeControl: (message) => this.takeControl(message),
      takeAudio: (pcm) => this.tell((engine) => engine.pushAudio(pcm)),
      takePing: (data) => {
        if (this.isWritable()) this.socket.pong(data);
      },
      takePong: (data) => this.reader.answered(data),
      refuse: (code, message) => this.refuse(code, message),
      endFlood: () => {
        limits.count('message_rate');
        this.giveUp({ code: 'rate_limited', message: 'Messages keep coming too fast.' }, CloseCode.refused);
        this.incoming.stopReading();
      },
      endOversize: () => {
        limits.count('message_size');
        if (!this.over) this.finish(CloseCode.tooBig);
        this.incoming.stopReading();
      },
      endHeld: () => {
        limits.count('address_unstarted_bytes');
        this.giveUp(HELD_TOO_MUCH, CloseCode.refused);
        this.incoming.stopReading();
      },
      contain: (act) => this.contain(act),
    });
  }

  /** The engine announces the end, as soon as it is ready; without an engine the connection announces it itself. */
  private end(reason: EndReason): void {
    if (this.over || (this.engine && this.engine.close(reason) !== 'untold')) return;
    if (this.start) this.send({ type: 'conversation_ended', reason });
    this.ended(reason);
  }

  private isWritable(): boolean {
    return canSend(this.socket, () => this.slow());
  }

  private slow(): void {
    this.limits.count('slow_reader');
    this.logger.warn({ message: 'the client reads too slowly', conversationId: this.id });
  }

  private endSlow(): void {
    this.slow();
    this.socket.terminate();
  }

  /** The connection is broken, or the client violated the WebSocket protocol: then it gets a moment to receive the close frame. */
  private readonly onError = (): void => {
    this.over = true;
    this.incoming.conversationEnded();
    this.engine?.close('client');
    terminateSoon(this.socket);
  };

  /** Runs code whose failure is the server's fault: the client is told so, and everything else continues. Returns false when it failed. */
  private contain(act: () => void): boolean {
    try {
      workFor(this, act);
      return true;
    } catch (error) {
      this.blameServer('a message could not be handled', error);
      return false;
    }
  }

  private blameServer(message: string, error: unknown): void {
    this.logger.error({ message, conversationId: this.id, error: describeError(error) });
    this.refuse(FAULT.code, FAULT.message);
  }

  private takeControl(message: ControlMessage): void {
    if (message.type === 'heartbeat') return this.send({ type: 'heartbeat' });
    if (message.type === 'start_conversation') {
      const refusal = this.startConversation(message);
      return refusal && this.refuse(refusal.code, refusal.message);
    }
    if (this.start === undefined) return this.refuse('not_started', 'Send start_conversation first.');
    switch (message.type) {
      case 'text_message':
        return this.tell((engine) => engine.pushText(message.text));
      case 'interrupt':
        return this.tell((engine) => engine.interrupt());
      case 'playback':
        return this.tell((engine) => engine.reportPlayback({ turn: message.turn, event: message.event, playedMs: message.played_ms }));
      case 'end_conversation':
        return this.end('client');
    }
  }

  private startConversation(start: StartConversation): Refusal | undefined {
    if (this.start !== undefined) return { code: 'already_started', message: 'The conversation has started already.' };
    const engineName = start.engine ?? 'pipeline';
    const factory = this.options.engines[engineName];
    if (factory === undefined) return NO_SUCH_ENGINE[engineName];
    const refusal = this.options.refusalOf?.(start);
    if (refusal) return refusal;
    const engine = this.newEngine(engineName, factory, start);
    this.start = start;
    this.engine = engine;
    if (engine.request()) {
      this.incoming.conversationStarted();
      return undefined;
    }
    this.start = undefined;
    this.engine = undefined;
    return { code: 'rate_limited', message: 'Too many conversations are being started. Please try again in a moment.' };
  }

  private newEngine(engineName: EngineName, factory: EngineFactory, start: StartConversation): EngineHandle {
    const connection: Connection = {
      options: conversationOptions(this.id, start),
      output: new SocketAudioOutput(this, start.audio_transport),
      ...(this.options.address !== undefined && { address: this.options.address }),
      emit: (event) => this.emit(event),
    };
    return new EngineHandle({
      openings: this.options.openings,
      open: () => workFor(this, () => this.open(engineName, factory, connection)),
      contain: (act) => this.contain(act),
      onFailure: (error) => this.failToStart(engineName, error),
    });
  }

  private open(engineName: EngineName, factory: EngineFactory, connection: Connection): Promise<Conversation> {
    const begin = (): Promise<Conversation> => {
      this.send(conversationStarted(this.id, engineName, factory.describe()));
      return factory.open(connection);
    };
    return this.options.limits ? this.admitted(this.options.limits).then(begin) : begin();
  }

  private async admitted(limits: ConnectionLimits): Promise<void> {
    const refusal = await limits.mayStart();
    if (refusal) throw new StartRefused(refusal);
  }

  private failToStart(engineName: EngineName, error: unknown): void {
    if (error instanceof StartRefused) return this.giveUp(error.refusal, START_CLOSE_CODE[error.refusal.code]);
    this.logger.error({
      message: 'a conversation could not be started',
      conversationId: this.id,
      engine: engineName,
      error: error instanceof Error ? error.stack : typeof error,
    });
    this.giveUp(NOT_STARTED[engineName]);
  }

  /** Ends the conversation with a fatal error at once, without waiting for an engine that is still being created. */
  private giveUp(refusal: Refusal, closeCode: number = CLOSE_CODE.error): void {
    if (this.over) return;
    this.send(fatalError(refusal));
    this.closeCode = closeCode;
    this.engine?.close('error');
    if (this.over) return;
    this.send({ type: 'conversation_ended', reason: 'error' });
    this.finish(closeCode);
  }

  private finish(closeCode: number): void {
    this.over = true;
    this.incoming.conversationEnded();
    this.socket.close(closeCode);
  }

  private tell(call: EngineCall): void {
    if (this.engine?.tell(call) === false) this.refuse('rate_limited', 'Too many messages before the conversation was ready.');
  }

  private refuse(code: ErrorCode, message: string): void {
    this.send({ type: 'error', code, message, fatal: false });
  }

  private closed(): void {
    this.over = true;
    this.reader.stop();
    // Nest keeps a reference to the last socket of every path, and therefore to its listeners.
    this.incoming.detach();
    this.socket.off('error', this.onError);
    this.engine?.close('client');
    this.onClosed(this);
  }
}
