import {
  type ClientMessage,
  CloseCode,
  type Heartbeat,
  MAX_AUDIO_MESSAGE_BYTES,
  type NarrationServerMessage,
  type ServerMessage,
  type SpeechFrame,
  decodeSpeechFrame,
  parseServerMessage,
} from '@parley/protocol';

/** What one socket reports to its owner. `onClose` is called once, last, and never after the owner's own `close()`. */
export interface ConversationSocketHandlers<Received = ServerMessage> {
  onOpen(): void;
  onMessage(message: Received): void;
  /** The receiver owns the buffer behind `frame.pcm` and may transfer it. */
  onSpeech(frame: SpeechFrame): void;
  /** `code` is the WebSocket close code: 1006 when the connection was never made or broke. */
  onClose(code: number): void;
}

/** Heartbeats keep proxies from closing a quiet connection. If nothing arrives for a whole interval after one, the connection is lost. */
export const HEARTBEAT_INTERVAL_MS = 5_000;
/**
 * Two seconds of audio, the most that one message may hold. On a connection that is slower than speech, newer frames are dropped, because
 * they would be sent later and later.
 */
export const MAX_UNSENT_BYTES = MAX_AUDIO_MESSAGE_BYTES;
/** What browsers report for a connection that was never made or broke; no server sends it. */
const ABNORMAL_CLOSE = 1006;

/**
 * One WebSocket of the client protocol, of a conversation or (with the messages `Sent` and `Received`) of a narration. Sends typed JSON
 * messages and PCM; receives typed JSON messages and decoded speech frames. Closed by its owner. Its timer and listeners are released however
 * the connection ends.
 */
export class ConversationSocket<
  Sent extends { type: string } = ClientMessage,
  Received extends { type: ServerMessage['type'] | NarrationServerMessage['type'] } = ServerMessage,
> {
  private readonly socket: WebSocket;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private heardSinceHeartbeat = true;
  private done = false;

  constructor(
    url: string,
    private readonly handlers: ConversationSocketHandlers<Received>,
  ) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.opened();
    this.socket.onmessage = (event: MessageEvent<unknown>) => this.received(event.data);
    this.socket.onclose = (event: CloseEvent) => this.closed(event.code);
  }

  /** Sends a control message. Returns false, and sends nothing, if the socket is not open. */
  send(message: Sent | Heartbeat): boolean {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Whether audio is accepted: the socket is open and not too far behind. */
  get takesAudio(): boolean {
    return this.socket.readyState === WebSocket.OPEN && this.socket.bufferedAmount <= MAX_UNSENT_BYTES;
  }

  /** Sends whole frames of PCM (16-bit little-endian, at the input rate). Returns false, and drops them, if audio is not accepted. */
  sendAudio(pcm: ArrayBuffer): boolean {
    if (!this.takesAudio) return false;
    this.socket.send(pcm);
    return true;
  }

  /** Closes normally, after which no handler is called. What was sent before is still delivered. */
  close(): void {
    this.release();
    this.socket.close(CloseCode.normal);
  }

  private opened(): void {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_INTERVAL_MS);
    this.handlers.onOpen();
  }

  private received(data: unknown): void {
    this.heardSinceHeartbeat = true;
    if (data instanceof ArrayBuffer) {
      const frame = decodeSpeechFrame(new Uint8Array(data));
      if (frame) this.handlers.onSpeech(frame);
    } else if (typeof data === 'string') {
      // Which messages a server sends depends only on the address that the socket was opened with.
      const message = parseServerMessage(data) as Received | undefined;
      if (message) this.handlers.onMessage(message);
    }
  }

  private beat(): void {
    if (!this.heardSinceHeartbeat) {
      this.socket.close();
      this.closed(ABNORMAL_CLOSE);
      return;
    }
    this.heardSinceHeartbeat = false;
    this.send({ type: 'heartbeat' });
  }

  private closed(code: number): void {
    if (this.done) return;
    this.release();
    this.handlers.onClose(code);
  }

  private release(): void {
    this.done = true;
    clearInterval(this.heartbeat);
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
  }
}
