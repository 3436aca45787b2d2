import { type ClientMessage, type ErrorCode, FRAME_BYTES, FRAME_MS } from '@parley/protocol';
import { parseClientMessage } from '@parley/protocol/validation';
import type { RawData } from 'ws';
import type { ClientSocket } from './client-socket';
import type { DecodedAudio } from './input/decoded-audio';
import { InputAudio, type InputAudioOptions } from './input/input-audio';
import { countJsonParts } from './json-parts';
import { messageBytes } from './message-bytes';
import type { ConnectionLimits } from './limits/connection-limits';
import { RateLimit, type RateVerdict } from './limits/rate-limit';
import { terminateSoon } from './terminate-soon';
import { UnstartedLimit, type Wire } from './limits/unstarted-limit';

/** A message of a client that is not audio. */
export type ControlMessage = Exclude<ClientMessage, { type: 'audio_chunk' }>;

/** The receiver of a client's messages. */
export interface IncomingReceiver {
  /** Whether no conversation was started yet, one was started, or the client gets no further service. */
  phase(): 'unstarted' | 'started' | 'over';
  takeControl(message: ControlMessage): void;
  takeAudio(pcm: Int16Array): void;
  takePing(data: Buffer): void;
  takePong(data: Buffer): void;
  /** A message was dropped; the client is told why. */
  refuse(code: ErrorCode, message: string): void;
  /** The client keeps sending more than it may. */
  endFlood(): void;
  /** A message is longer than it may be. */
  endOversize(): void;
  /** Incomplete messages of this and other connections of the address take too much memory. */
  endHeld(): void;
  /** Runs code that may throw, and handles its errors. */
  contain(act: () => void): void;
}

export interface IncomingOptions extends InputAudioOptions {
  wire: Wire;
  limits: Pick<ConnectionLimits, 'hold'>;
  now: () => number;
}

const INPUT_BYTES_PER_MS = FRAME_BYTES / FRAME_MS;

/**
 * Handles everything that one client sends: counts each message before parsing it, parses it, and passes it on. Control frames count as
 * messages do. Owned by the connection, which detaches it when the socket has closed.
 */
export class IncomingMessages {
  private readonly rate: RateLimit;
  private readonly input: InputAudio;
  private readonly unstarted: UnstartedLimit;
  private isStopped = false;

  constructor(
    private readonly socket: ClientSocket,
    { wire, now, limits, ...audio }: IncomingOptions,
    private readonly receiver: IncomingReceiver,
  ) {
    this.rate = new RateLimit(now);
    this.input = new InputAudio(audio);
    this.unstarted = new UnstartedLimit({
      wire,
      held: limits.hold(() => receiver.endHeld()),
      onExceeded: () => receiver.endOversize(),
    });
    socket.on('message', this.onMessage);
    socket.on('ping', this.onPing);
    socket.on('pong', this.onPong);
  }

  /** From now on messages may be as long as audio messages. */
  conversationStarted(): void {
    this.unstarted.stop();
  }

  /** Stops decoding audio. The messages that the client still sends are counted as before. */
  conversationEnded(): void {
    this.unstarted.stop();
    this.input.close();
  }

  /**
   * For a client that is being disconnected: reads nothing more, and ends the connection after a moment even without an answer to the
   * close.
   */
  stopReading(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.socket.pause();
    terminateSoon(this.socket);
  }

  detach(): void {
    this.conversationEnded();
    this.socket.off('message', this.onMessage);
    this.socket.off('ping', this.onPing);
    this.socket.off('pong', this.onPong);
  }

  private readonly onMessage = (data: RawData, isBinary: boolean): void => {
    const bytes = messageBytes(data);
    this.take(bytes.length, () => {
      if (this.receiver.phase() === 'unstarted' && !this.unstarted.admits(bytes.length)) this.receiver.endOversize();
      else if (isBinary) this.receiveAudio(bytes.length, () => this.input.decodePcm(bytes));
      else this.receiveText(bytes);
    });
  };

  private readonly onPing = (data: Buffer): void =>
    this.take(data.length, () => {
      if (this.admit(this.rate.message(data.length))) this.receiver.takePing(data);
    });

  private readonly onPong = (data: Buffer): void =>
    this.take(data.length, () => {
      this.receiver.takePong(data);
      this.admit(this.rate.message(data.length));
    });

  private take(byteLength: number, act: () => void): void {
    if (this.isStopped) return;
    if (this.receiver.phase() !== 'over') this.receiver.contain(act);
    // The client's close frame is awaited, but not by reading the rest of a flood.
    else if (this.rate.message(byteLength) === 'persistent') this.stopReading();
  }

  private receiveText(bytes: Buffer): void {
    if (!this.admit(this.rate.text(bytes.length, countJsonParts(bytes)))) return;
    const parsed = parseClientMessage(bytes.toString('utf8'));
    if (parsed.ok && parsed.message.type === 'audio_chunk') {
      const { message } = parsed;
      this.receiveAudio((message.data.length * 3) / 4, () => this.input.decodeChunk(message));
    } else if (this.admit(this.rate.message(bytes.length))) {
      if (!parsed.ok) this.receiver.refuse(parsed.code, parsed.message);
      else if (parsed.message.type !== 'audio_chunk') this.receiver.takeControl(parsed.message);
    }
  }

  private receiveAudio(byteLength: number, decode: () => DecodedAudio): void {
    const uselessMs = Math.max(byteLength / INPUT_BYTES_PER_MS, FRAME_MS);
    if (this.receiver.phase() === 'unstarted') {
      if (this.admit(this.rate.audioOf(uselessMs, byteLength)))
        this.receiver.refuse('not_started', 'Send start_conversation before audio.');
      return;
    }
    const audio = decode();
    const [costMs, durationMs] = audio.ok ? [audio.costMs, audio.durationMs] : [uselessMs, 0];
    if (!this.admit(this.rate.audioOf(costMs, byteLength, durationMs))) return;
    if (!audio.ok) return this.receiver.refuse(audio.code, audio.message);
    if (audio.earlier) this.receiver.refuse(audio.earlier.code, audio.earlier.message);
    audio.deliver((pcm) => this.receiver.contain(() => this.receiver.takeAudio(pcm)));
  }

  private admit(verdict: RateVerdict): boolean {
    if (verdict === 'refused_with_notice') this.receiver.refuse('rate_limited', 'Messages come too fast; some were dropped.');
    if (verdict === 'persistent') this.receiver.endFlood();
    return verdict === 'ok';
  }
}
