import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { bytesFromPcm16 } from '@parley/audio';
import {
  describeError,
  type Narration,
  type NarrationEvent,
  type NarrationOutput,
  type OutgoingSpeech,
  type TextRefusal,
} from '@parley/engine';
import {
  CloseCode,
  encodeSpeechFrame,
  NARRATION_FORMATS,
  type NarrationClientMessage,
  type NarrationErrorCode,
  type NarrationServerMessage,
  PROTOCOL_VERSION,
  type SetNarrationVoice,
  type StartNarration,
} from '@parley/protocol';
import type { NarrationFactory, NarrationStart } from '@parley/server';
import { canSend } from '../can-send';
import { type ConnectionLimits, UNSHARED } from '../limits/connection-limits';
import { ReaderWatch } from '../limits/reader-watch';
import { SLOW_NARRATION } from '../limits/slow-reader-notice';
import type { Wire } from '../limits/unstarted-limit';
import { FAULT, fatalError, HELD_TOO_MUCH, type Refusal, START_CLOSE_CODE } from '../refusals';
import type { ClientSocket } from '../client-socket';
import { MAX_LEAD_MS } from '../socket-audio-output';
import { terminateSoon } from '../terminate-soon';
import { workFor } from '../work-for';
import { NarrationIntake } from './narration-intake';
import { SlowLine } from './slow-line';
import { toNarrationMessage } from './to-narration-message';

export interface NarrationConnectionOptions {
  narrations: Pick<NarrationFactory, 'start'>;
  /** Whoever is connected, as an opaque text. Undefined if that is not known. */
  address?: string | undefined;
  now: () => number;
  /** The connection on which the bytes of the socket arrive. */
  wire: Wire;
  /** Default: none. */
  limits?: ConnectionLimits;
  /** Why this is not the client's to choose; undefined if it is. */
  refusalOf?: (message: StartNarration | SetNarrationVoice) => Refusal | undefined;
}

/** A writer who sends nothing for this long, not even a heartbeat, has gone. */
const IDLE_MS = 10 * 60_000;
/** A narration in which nothing was spoken for this long, because it was paused or because there is no text, does not hold its vendor longer. */
const MAX_SILENCE_MS = 30 * 60_000;

const CLOSE_CODE = {
  completed: CloseCode.normal,
  cancelled: CloseCode.normal,
  server_shutdown: CloseCode.draining,
  error: CloseCode.internal,
} as const;

/** The connection of one client of `/ws/narration`: reads its text, sends the speech, and owns the narration. */
export class NarrationConnection implements NarrationOutput {
  /** Also the narration's id. */
  readonly id = randomUUID();
  readonly maxLeadMs = MAX_LEAD_MS;
  private readonly limits: ConnectionLimits;
  private readonly reader: ReaderWatch;
  private readonly logger = new Logger(NarrationConnection.name);
  private readonly intake: NarrationIntake;
  private isStarted = false;
  /** What came while it was being decided whether the narration may start; undefined at any other time. */
  private waiting: NarrationClientMessage[] | undefined;
  private narration: Narration | undefined;
  /** Present if the rate of the speech goes by the client's line. */
  private line: SlowLine | undefined;
  private isOver = false;
  /** A budget is spent, which is nobody's fault. */
  private isSpent = false;
  private idle: NodeJS.Timeout | undefined;
  private silence: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: ClientSocket,
    private readonly options: NarrationConnectionOptions,
    private readonly onClosed: (connection: NarrationConnection) => void,
  ) {
    const { wire, now, limits = UNSHARED } = options;
    this.limits = limits;
    this.reader = new ReaderWatch({
      socket,
      onCut: () => this.send(SLOW_NARRATION),
      onStuck: () => this.endSlow(),
      canAnswer: () => !this.intake.isPaused,
      goesOn: true,
    });
    this.intake = new NarrationIntake(
      socket,
      { wire, now, limits },
      {
        take: (message) => this.contain(() => this.take(message)),
        takePing: (data) => {
          if (this.isWritable()) this.socket.pong(data);
        },
        takePong: (data) => this.reader.answered(data),
        refuse: (code, message) => this.refuse(code, message),
        endOversize: () => {
          limits.count('message_size');
          this.finish(CloseCode.tooBig);
        },
        endHeld: () => {
          limits.count('address_unstarted_bytes');
          this.fail(HELD_TOO_MUCH.code, HELD_TOO_MUCH.message, CloseCode.refused);
        },
      },
    );
    socket.on('error', this.onError);
    socket.once('close', () => this.closed());
    this.send({ type: 'connection_established', message: 'Welcome to Parley.', protocol: PROTOCOL_VERSION });
  }

  /** What this connection is counted as. */
  get engineName(): 'narration' | undefined {
    return this.isStarted ? 'narration' : undefined;
  }

  /** A narration is one piece of work: only its end is no cut. */
  get isInTurn(): boolean {
    return this.narration !== undefined;
  }

  send(message: NarrationServerMessage): void {
    if (!this.isWritable()) return;
    const text = JSON.stringify(message);
    this.socket.send(text);
    this.line?.sent(text.length);
  }

  play({ turn, seq, pcm, last }: OutgoingSpeech): void {
    if (!this.isWritable() || (!this.reader.admits(turn) && !last)) return;
    const audio = this.line?.adapt({ segment: turn, pcm, last }) ?? pcm;
    const frame = encodeSpeechFrame({ turn, seq, last, pcm: bytesFromPcm16(audio) });
    this.socket.send(frame, { binary: true });
    this.line?.sent(frame.length);
    this.reader.sent(frame.length);
    this.watchSilence();
  }

  /** Closes a connection on which no narration was started for a long time. */
  closeUnstarted(): void {
    if (this.isStarted || this.isOver) return;
    this.limits.count('start_timeout');
    this.fail('not_started', 'No narration was started for a long time.', CloseCode.normal);
    terminateSoon(this.socket);
  }

  /** Ends the narration because the server shuts down. */
  shutDown(): void {
    if (this.narration) this.narration.end('server_shutdown');
    else this.finish(CloseCode.draining);
  }

  /** Ends the narration because code that worked for it has failed where nothing could handle that. */
  endAfterFault(): void {
    if (!this.isOver) this.fail('internal', FAULT.message, CloseCode.internal);
  }

  private take(message: NarrationClientMessage): void {
    if (this.isOver) return;
    this.watchIdle();
    if (this.waiting) this.waiting.push(message);
    else this.handle(message);
  }

  private handle(message: NarrationClientMessage): void {
    if (message.type === 'heartbeat') return this.send({ type: 'heartbeat' });
    if (message.type === 'start_narration') return this.start(message);
    if (!this.isStarted) return this.refuse('not_started', 'Send start_narration first.');
    if (this.narration) this.tell(this.narration, message);
  }

  private tell(narration: Narration, message: Exclude<NarrationClientMessage, { type: 'start_narration' | 'heartbeat' }>): void {
    switch (message.type) {
      case 'text':
        return this.answer(narration.addText(message.text));
      case 'flush':
        return narration.flush();
      case 'set_voice': {
        const notAllowed = this.options.refusalOf?.(message);
        if (notAllowed) return this.refuse(notAllowed.code, notAllowed.message);
        return this.answer(
          narration.setVoice({ voiceId: message.voice_id, ...(message.voice_settings && { settings: message.voice_settings }) }),
        );
      }
      case 'pause':
        return narration.pause();
      case 'resume':
        return narration.resume();
      case 'cancel':
        return narration.cancel();
      case 'end_text':
        return narration.endText();
      case 'playback':
        return narration.reportPlayback({ turn: message.turn, event: message.event, playedMs: message.played_ms });
    }
  }

  private answer(refusal: TextRefusal | undefined): void {
    if (refusal) this.send({ type: 'error', ...refusal, fatal: false });
  }

  private start(message: StartNarration): void {
    if (this.isStarted) return this.refuse('already_started', 'The narration has started already.');
    const format = message.output_format ?? NARRATION_FORMATS[0];
    if (!NARRATION_FORMATS.some((offered) => offered === format)) {
      return this.refuse('unsupported_format', `output_format must be one of: ${NARRATION_FORMATS.join(', ')}.`);
    }
    // Asked only for a start that could be made; nothing is refused by the limits to a connection without any.
    if (this.options.limits) this.ask(this.options.limits, () => this.startAs(message, format));
    else this.startAs(message, format);
  }

  /** Starts if the limits allow it. What the client sends until then is taken afterwards, in order. */
  private ask(limits: ConnectionLimits, start: () => void): void {
    const waiting: NarrationClientMessage[] = (this.waiting = []);
    void limits.mayStart().then((refusal) => {
      this.waiting = undefined;
      if (this.isOver) return;
      if (refusal) return this.failWith(refusal, START_CLOSE_CODE[refusal.code]);
      this.contain(start);
      for (const message of waiting) this.contain(() => this.take(message));
    });
  }

  private startAs(message: StartNarration, format: string): void {
    const sampleRateHz = Number(format.slice('pcm_'.length));
    const { narrations, address, refusalOf } = this.options;
    const notAllowed = refusalOf?.(message);
    if (notAllowed) return this.refuse(notAllowed.code, notAllowed.message);
    const started = narrations.start(this.id, message, sampleRateHz, this, (event) => this.emit(event), address);
    if ('code' in started) return this.refuse(started.code, started.message, started.retryAfterMs);
    this.isStarted = true;
    this.intake.narrationStarted();
    this.announce(started, sampleRateHz);
    // A list of numbers takes the place of `auto`.
    if (message.latency === 'auto' && !message.chunk_schedule) this.line = this.slowLine(sampleRateHz);
    this.narration = started.open();
    this.watchSilence();
  }

  private slowLine(agreedHz: number): SlowLine {
    return new SlowLine({
      agreedHz,
      now: this.options.now,
      waitingBytes: () => this.socket.bufferedAmount,
      tell: (message) => this.send(message),
    });
  }

  /** The client knows what was agreed before it hears anything. */
  private announce({ voiceId, model, chunkSchedule, provider }: NarrationStart, sampleRate: number): void {
    this.send({
      type: 'narration_started',
      narration_id: this.id,
      output_audio: { encoding: 'pcm_s16le', sample_rate: sampleRate },
      voice_id: voiceId,
      model,
      chunk_schedule: [...chunkSchedule],
      provider: { name: provider.name, simulated: provider.simulated },
    });
  }

  private emit(event: NarrationEvent): void {
    this.send(toNarrationMessage(event, this.id));
    if (event.type === 'budget_spent') this.isSpent = true;
    if (event.type === 'ended') this.finish(this.isSpent ? CloseCode.refused : CLOSE_CODE[event.reason]);
  }

  private watchIdle(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.endIdle('Nothing came for ten minutes.'), IDLE_MS).unref();
  }

  private watchSilence(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.endIdle('Nothing was spoken for half an hour.'), MAX_SILENCE_MS).unref();
  }

  private endIdle(message: string): void {
    this.send({ type: 'error', code: 'idle', message, fatal: true });
    if (this.narration) this.narration.cancel();
    else this.finish(CloseCode.normal);
  }

  private isWritable(): boolean {
    return !this.isOver && canSend(this.socket, () => this.slow());
  }

  private slow(): void {
    this.limits.count('slow_reader');
    this.logger.warn({ message: 'the client reads too slowly', narrationId: this.id });
  }

  private endSlow(): void {
    this.slow();
    this.socket.terminate();
  }

  /** The connection is broken, or the client violated the WebSocket protocol: then it gets a moment to receive the close frame. */
  private readonly onError = (): void => {
    this.release();
    terminateSoon(this.socket);
  };

  /** Runs code whose failure is the server's fault: the client is told so, and the server goes on. */
  private contain(act: () => void): void {
    try {
      workFor(this, act);
    } catch (error) {
      this.logger.error({ message: 'a message of a narration could not be handled', narrationId: this.id, error: describeError(error) });
      // Without a narration nothing can go on.
      if (this.isStarted && !this.narration) this.fail('internal', 'The narration could not be started.', CloseCode.internal);
      else this.refuse('internal', FAULT.message);
    }
  }

  private refuse(code: NarrationErrorCode, message: string, retryAfterMs?: number): void {
    this.send({ type: 'error', code, message, fatal: false, ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }) });
  }

  private fail(code: NarrationErrorCode, message: string, closeCode: number): void {
    this.failWith({ code, message }, closeCode);
  }

  private failWith(refusal: { code: NarrationErrorCode; message: string; retryAfterMs?: number }, closeCode: number): void {
    this.send(fatalError(refusal));
    this.finish(closeCode);
  }

  private finish(closeCode: number): void {
    if (this.isOver) return;
    this.release();
    this.socket.close(closeCode);
  }

  /** Ends all work; nothing is sent any more. Idempotent. */
  private release(): void {
    this.isOver = true;
    clearTimeout(this.idle);
    clearTimeout(this.silence);
    this.reader.stop();
    this.intake.stop();
    this.narration?.cancel();
    this.narration = undefined;
  }

  private closed(): void {
    this.release();
    // Nest keeps a reference to the last socket of every path, and therefore to its listeners.
    this.intake.detach();
    this.socket.off('error', this.onError);
    this.onClosed(this);
  }
}
