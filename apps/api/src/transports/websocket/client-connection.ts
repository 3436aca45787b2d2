import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { EndReason } from '@parley/conversation';
import {
  type Connection,
  type ConversationEvent,
  describeError,
  type EngineCall,
  type EngineFactory,
  EngineHandle,
  type OpeningQueue,
} from '@parley/engine';
import {
  type ClientMessage,
  CloseCode,
  type EngineName,
  type ErrorCode,
  FRAME_BYTES,
  FRAME_MS,
  parseClientMessage,
  PROTOCOL_VERSION,
  type ServerMessage,
  type StartConversation,
} from '@parley/protocol';
import type { RawData } from 'ws';
import type { ClientSocket } from './client-socket';
import { conversationOptions } from './conversation-options';
import { conversationStarted } from './conversation-started';
import type { Engines } from '../../engines/engines';
import type { DecodedAudio } from './input/decoded-audio';
import { InputAudio } from './input/input-audio';
import type { InputMeter } from './input/input-meter';
import type { NewOpusDecoder } from './input/opus-decoder';
import type { AgentRequest } from './parse-agent-request';
import { RateLimit, type RateVerdict } from './rate-limit';
import { CLOSE_CODE, NO_SUCH_ENGINE, NOT_STARTED, type Refusal } from './refusals';
import { SocketAudioOutput, type SocketWriter } from './socket-audio-output';
import { toServerMessage } from './to-server-message';

export interface ClientConnectionOptions {
  engines: Engines;
  openings: OpeningQueue;
  newOpusDecoder: NewOpusDecoder;
  meter: InputMeter;
  now: () => number;
}

/** A client that reads so little is gone or hostile. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

const INPUT_BYTES_PER_MS = FRAME_BYTES / FRAME_MS;

/** One client's socket: checks what comes in, carries what goes out, and owns the conversation's engine. */
export class ClientConnection implements SocketWriter {
  /** Also the conversation's id. */
  readonly id = randomUUID();
  private readonly logger = new Logger(ClientConnection.name);
  private readonly rate: RateLimit;
  private readonly input: InputAudio;
  private start: StartConversation | undefined;
  private engine: EngineHandle | undefined;
  private over = false;
  /** What the socket is closed with in place of the code of the conversation's end. */
  private closeCode: number | undefined;

  /** Subscribes at once: frames that arrive while the engine is being made are kept. */
  constructor(
    private readonly socket: ClientSocket,
    private readonly options: ClientConnectionOptions,
    private readonly onClosed: (connection: ClientConnection) => void,
  ) {
    this.rate = new RateLimit(options.now);
    this.input = new InputAudio({
      newDecoder: options.newOpusDecoder,
      meter: options.meter,
      onFailure: (error) => this.blameServer('audio could not be decoded', error),
    });
    socket.on('message', this.onMessage);
    socket.on('error', this.onError);
    socket.once('close', () => this.closed());
    this.send({ type: 'connection_established', message: 'Welcome to Parley.', protocol: PROTOCOL_VERSION });
  }

  /** What holds the conversation, or will; undefined before it is started. */
  get engineName(): EngineName | undefined {
    return this.start && (this.start.engine ?? 'pipeline');
  }

  /** For an endpoint whose conversation starts by itself, once. Without a conversation the connection is of no use: it ends. */
  startAtOnce(request: AgentRequest): void {
    this.contain(() => {
      if (!request.ok) return this.giveUp({ code: 'bad_message', message: request.message }, CloseCode.refused);
      const refusal = this.startConversation(request.start);
      if (refusal) this.giveUp(refusal);
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
    if (event.type === 'ended') this.ended(event.reason);
  }

  private ended(reason: EndReason): void {
    if (!this.over) this.finish(this.closeCode ?? CLOSE_CODE[reason]);
  }

  /** Nobody has started a conversation for so long that nobody will. */
  closeUnstarted(): void {
    if (this.start || this.over) return;
    this.send({ type: 'error', code: 'not_started', message: 'No conversation was started for a long time.', fatal: true });
    this.finish(CloseCode.normal);
  }

  /** The server goes away. */
  shutDown(): void {
    this.end('server_shutdown');
  }

  /** The engine says goodbye, as soon as it is there; without one nobody does but the connection itself. */
  private end(reason: EndReason): void {
    if (this.over || (this.engine && this.engine.close(reason) !== 'untold')) return;
    if (this.start) this.send({ type: 'conversation_ended', reason });
    this.ended(reason);
  }

  private isWritable(): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    if (this.socket.bufferedAmount <= MAX_UNREAD_BYTES) return true;
    this.logger.warn({ message: 'the client reads too slowly', conversationId: this.id });
    this.socket.terminate();
    return false;
  }

  private readonly onError = (): void => this.socket.terminate();

  private readonly onMessage = (data: RawData, isBinary: boolean): void => {
    if (this.over) return;
    this.contain(() => {
      const bytes = asBuffer(data);
      if (isBinary) this.receiveAudio(bytes.byteLength, () => this.input.decodePcm(bytes));
      else this.receiveText(bytes.toString('utf8'));
    });
  };

  /** What fails in here is our fault: the client is told so and everything else goes on. False when it failed. */
  private contain(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.blameServer('a message could not be handled', error);
      return false;
    }
  }

  private blameServer(message: string, error: unknown): void {
    this.logger.error({ message, conversationId: this.id, error: describeError(error) });
    this.refuse('internal', 'Something went wrong on the server.');
  }

  private receiveText(text: string): void {
    const parsed = parseClientMessage(text);
    if (!parsed.ok) {
      if (this.admit(this.rate.message())) this.refuse(parsed.code, parsed.message);
      return;
    }
    const { message } = parsed;
    if (message.type === 'audio_chunk') this.receiveAudio((message.data.length * 3) / 4, () => this.input.decodeChunk(message));
    else if (this.admit(this.rate.message())) this.receiveControl(message);
  }

  private receiveAudio(byteLength: number, decode: () => DecodedAudio): void {
    const uselessMs = Math.max(byteLength / INPUT_BYTES_PER_MS, FRAME_MS);
    if (this.start === undefined) {
      if (this.admit(this.rate.audioOf(uselessMs))) this.refuse('not_started', 'Send start_conversation before audio.');
      return;
    }
    const audio = decode();
    if (!this.admit(this.rate.audioOf(audio.ok ? audio.costMs : uselessMs))) return;
    if (!audio.ok) return this.refuse(audio.code, audio.message);
    if (audio.earlier) this.refuse(audio.earlier.code, audio.earlier.message);
    audio.deliver((pcm) => this.contain(() => this.tell((engine) => engine.pushAudio(pcm))));
  }

  private receiveControl(message: Exclude<ClientMessage, { type: 'audio_chunk' }>): void {
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
    const engine = this.newEngine(engineName, factory, start);
    this.start = start;
    this.engine = engine;
    if (engine.request()) return undefined;
    this.start = undefined;
    this.engine = undefined;
    return { code: 'rate_limited', message: 'Too many conversations are being started. Please try again in a moment.' };
  }

  private newEngine(engineName: EngineName, factory: EngineFactory, start: StartConversation): EngineHandle {
    const connection: Connection = {
      options: conversationOptions(this.id, start),
      output: new SocketAudioOutput(this, start.audio_transport),
      emit: (event) => this.emit(event),
    };
    return new EngineHandle({
      openings: this.options.openings,
      open: () => {
        this.send(conversationStarted(this.id, engineName, factory.describe()));
        return factory.open(connection);
      },
      contain: (act) => this.contain(act),
      onFailure: (error) => this.failToStart(engineName, error),
    });
  }

  private failToStart(engineName: EngineName, error: unknown): void {
    this.logger.error({
      message: 'a conversation could not be started',
      conversationId: this.id,
      engine: engineName,
      error: error instanceof Error ? error.stack : typeof error,
    });
    this.giveUp(NOT_STARTED[engineName]);
  }

  /** There will be no conversation, or no more of it: at once, an engine that is still being made is not waited for. */
  private giveUp({ code, message }: Refusal, closeCode: number = CLOSE_CODE.error): void {
    if (this.over) return;
    this.send({ type: 'error', code, message, fatal: true });
    this.closeCode = closeCode;
    this.engine?.close('error');
    if (this.over) return;
    this.send({ type: 'conversation_ended', reason: 'error' });
    this.finish(closeCode);
  }

  private finish(closeCode: number): void {
    this.over = true;
    this.input.close();
    this.socket.close(closeCode);
  }

  private tell(call: EngineCall): void {
    if (this.engine?.tell(call) === false) this.refuse('rate_limited', 'Too many messages before the conversation was ready.');
  }

  private admit(verdict: RateVerdict): boolean {
    if (verdict === 'refused_with_notice') this.refuse('rate_limited', 'Messages come too fast; some were dropped.');
    if (verdict === 'persistent') this.giveUp({ code: 'rate_limited', message: 'Messages keep coming too fast.' }, CloseCode.refused);
    return verdict === 'ok';
  }

  private refuse(code: ErrorCode, message: string): void {
    this.send({ type: 'error', code, message, fatal: false });
  }

  private closed(): void {
    this.over = true;
    // Nest keeps the last socket of every path, and what listens to it.
    this.socket.off('message', this.onMessage);
    this.socket.off('error', this.onError);
    this.input.close();
    this.engine?.close('client');
    this.onClosed(this);
  }
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
