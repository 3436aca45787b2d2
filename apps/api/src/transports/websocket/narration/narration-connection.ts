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
  type StartNarration,
} from '@parley/protocol';
import type { NarrationFactory, NarrationStart } from '@parley/server';
import { canSend } from '../can-send';
import type { ClientSocket } from '../client-socket';
import { MAX_LEAD_MS } from '../socket-audio-output';
import { terminateSoon } from '../terminate-soon';
import { NarrationIntake } from './narration-intake';
import { SlowLine } from './slow-line';
import { toNarrationMessage } from './to-narration-message';

export interface NarrationConnectionOptions {
  narrations: Pick<NarrationFactory, 'start'>;
  /** Whoever is connected, as an opaque text. Undefined if that is not known. */
  address?: string | undefined;
  now: () => number;
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
  private readonly logger = new Logger(NarrationConnection.name);
  private readonly intake: NarrationIntake;
  private isStarted = false;
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
    this.intake = new NarrationIntake(socket, options.now, {
      take: (message) => this.contain(() => this.take(message)),
      takePing: (data) => {
        if (this.isWritable()) this.socket.pong(data);
      },
      refuse: (code, message) => this.refuse(code, message),
      endOversize: () => this.finish(CloseCode.tooBig),
    });
    socket.on('error', this.onError);
    socket.once('close', () => this.closed());
    this.send({ type: 'connection_established', message: 'Welcome to Parley.', protocol: PROTOCOL_VERSION });
  }

  /** What this connection is counted as. */
  get engineName(): 'narration' | undefined {
    return this.isStarted ? 'narration' : undefined;
  }

  send(message: NarrationServerMessage): void {
    if (!this.isWritable()) return;
    const text = JSON.stringify(message);
    this.socket.send(text);
    this.line?.sent(text.length);
  }

  play({ turn, seq, pcm, last }: OutgoingSpeech): void {
    if (!this.isWritable()) return;
    const audio = this.line?.adapt({ segment: turn, pcm, last }) ?? pcm;
    const frame = encodeSpeechFrame({ turn, seq, last, pcm: bytesFromPcm16(audio) });
    this.socket.send(frame, { binary: true });
    this.line?.sent(frame.length);
    this.watchSilence();
  }

  /** Closes a connection on which no narration was started for a long time. */
  closeUnstarted(): void {
    if (this.isStarted || this.isOver) return;
    this.fail('not_started', 'No narration was started for a long time.', CloseCode.normal);
  }

  /** Ends the narration because the server shuts down. */
  shutDown(): void {
    if (this.narration) this.narration.end('server_shutdown');
    else this.finish(CloseCode.draining);
  }

  private take(message: NarrationClientMessage): void {
    if (this.isOver) return;
    this.watchIdle();
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
      case 'set_voice':
        return this.answer(
          narration.setVoice({ voiceId: message.voice_id, ...(message.voice_settings && { settings: message.voice_settings }) }),
        );
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
    const sampleRateHz = Number(format.slice('pcm_'.length));
    const { narrations, address } = this.options;
    const started = narrations.start(this.id, message, sampleRateHz, this, (event) => this.emit(event), address);
    if ('code' in started) return this.refuse(started.code, started.message, started.retryAfterMs);
    this.isStarted = true;
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
    return !this.isOver && canSend(this.socket, () => this.logger.warn({ message: 'the client reads too slowly', narrationId: this.id }));
  }

  /** The connection is broken, or the client violated the WebSocket protocol: then it gets a moment to receive the close frame. */
  private readonly onError = (): void => {
    this.release();
    terminateSoon(this.socket);
  };

  /** Runs code whose failure is the server's fault: the client is told so, and the server goes on. */
  private contain(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.logger.error({ message: 'a message of a narration could not be handled', narrationId: this.id, error: describeError(error) });
      // Without a narration nothing can go on.
      if (this.isStarted && !this.narration) this.fail('internal', 'The narration could not be started.', CloseCode.internal);
      else this.refuse('internal', 'Something went wrong on the server.');
    }
  }

  private refuse(code: NarrationErrorCode, message: string, retryAfterMs?: number): void {
    this.send({ type: 'error', code, message, fatal: false, ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }) });
  }

  private fail(code: NarrationErrorCode, message: string, closeCode: number): void {
    this.send({ type: 'error', code, message, fatal: true });
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
