import { once } from 'node:events';
import { bytesFromPcm16 } from '@parley/audio';
import type { ServerMessage, StartConversation } from '@parley/protocol';
import { WebSocket } from 'ws';
import { DEFAULT_TIMEOUT_MS, Inbox } from './inbox';
import { FRAME_SAMPLES } from './input-frame';
import { Microphone } from './microphone';
import { Player } from './player';
import { sleep } from './sleep';
import { readSpeechFrame, type Speech } from './speech';

export interface ClientOptions {
  /** How fast the assistant's speech is played, see `Player`. Default: 1. */
  readonly playbackSpeed?: number;
  /** The `Origin` header, as a page sends it. */
  readonly origin?: string;
  /** The endpoint, with its query if there is one. Default `/ws`; on `/ws/agent` the conversation starts by itself. */
  readonly path?: string;
}

/** The answer to one question: its text and speech. */
export interface Answer {
  readonly turn: number;
  readonly text: string;
  readonly speech: readonly Speech[];
}

const OUTPUT_SAMPLE_RATE_HZ = 24_000;
const RECORDER_CHUNK_MS = 100;

/**
 * A client on a raw socket. It keeps everything it receives, and plays speech and reports that as a page does. The caller must close it.
 */
export class ConversationClient {
  readonly inbox = new Inbox();
  readonly microphone: Microphone;
  readonly player: Player;
  private closeCode: number | undefined;

  private constructor(
    private readonly socket: WebSocket,
    { playbackSpeed = 1 }: ClientOptions,
  ) {
    this.microphone = new Microphone((frame) => this.sendBinary(frame));
    this.player = new Player({ speed: playbackSpeed, report: (report) => this.send(report) });
    socket.on('message', (data, isBinary) => this.receive(data as Buffer, isBinary));
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.closeCode = code;
      this.stopDevices();
      this.inbox.end(`the server closed the connection with ${code}`);
    });
  }

  /** Resolves when the socket is open. */
  static async connect(url: string, options: ClientOptions = {}): Promise<ConversationClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${options.path ?? '/ws'}`, {
      perMessageDeflate: false,
      ...(options.origin !== undefined && { headers: { origin: options.origin } }),
    });
    const client = new ConversationClient(socket, options);
    await once(socket, 'open');
    return client;
  }

  /** Sends `start_conversation` and resolves when the server listens. */
  async start(settings: Partial<StartConversation> = {}): Promise<void> {
    this.send({ ...settings, type: 'start_conversation' });
    await this.inbox.waitForState('USER_SPEAKING', 1);
  }

  send(message: object): void {
    this.sendRaw(JSON.stringify(message));
  }

  /** Sends a text message, which may be invalid JSON or even invalid UTF-8. */
  sendRaw(text: string | Buffer): void {
    if (this.isOpen) this.socket.send(text, { binary: false });
  }

  sendBinary(bytes: Uint8Array): void {
    if (this.isOpen) this.socket.send(bytes, { binary: true });
  }

  /** Sends audio in 20 ms frames without waiting for real time. Decisions that depend on audio alone are the same as in real time. */
  sendAudioAtOnce(pcm: Int16Array): void {
    for (let start = 0; start < pcm.length; start += FRAME_SAMPLES) {
      const frame = new Int16Array(FRAME_SAMPLES);
      frame.set(pcm.subarray(start, start + FRAME_SAMPLES));
      this.sendBinary(bytesFromPcm16(frame));
    }
  }

  /** Sends audio in a JSON message, as a client without binary messages does. */
  sendAudioChunk(format: string, bytes: Uint8Array): void {
    this.send({ type: 'audio_chunk', format, data: Buffer.from(bytes).toString('base64') });
  }

  /** Sends the chunks of a WebM recording at the recorder's pace. Resolves when the last has been sent. */
  async sendRecording(chunks: readonly Uint8Array[], chunkMs = RECORDER_CHUNK_MS): Promise<void> {
    const startMs = performance.now();
    for (const [index, chunk] of chunks.entries()) {
      await sleep(Math.max(0, startMs + index * chunkMs - performance.now()));
      this.sendAudioChunk('audio/webm;codecs=opus', chunk);
    }
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** The turn of the latest state. */
  get turn(): number {
    return this.inbox.messages('state').at(-1)?.turn ?? 0;
  }

  /** Sends a typed question while the assistant listens; resolves when the answer has been received and played. */
  async ask(text: string): Promise<Answer> {
    const { turn } = this;
    this.send({ type: 'text_message', text });
    return this.answerOf(turn);
  }

  /** Resolves when the reply of `turn` is over and the assistant listens again. */
  async answerOf(turn: number, timeoutMs?: number): Promise<Answer> {
    await this.inbox.waitForState('USER_SPEAKING', turn + 1, timeoutMs);
    return { turn, text: this.inbox.replyText(turn), speech: this.inbox.speechOf(turn) };
  }

  /** Resolves when the server has handled all that was sent before. */
  async settled(): Promise<void> {
    const before = this.inbox.messages('heartbeat').length;
    this.send({ type: 'heartbeat' });
    await this.inbox.waitFor('a heartbeat', () => (this.inbox.messages('heartbeat').length > before ? true : undefined));
  }

  /** Resolves with the close code when the server has closed the connection. */
  async closed(timeoutMs = DEFAULT_TIMEOUT_MS): Promise<number> {
    if (this.closeCode === undefined) await once(this.socket, 'close', { signal: AbortSignal.timeout(timeoutMs) });
    return this.closeCode ?? 0;
  }

  /** Closes the connection with a close frame. Resolves when it is closed. */
  async close(): Promise<void> {
    this.stopDevices();
    if (this.closeCode !== undefined) return;
    this.socket.close();
    await this.closed();
  }

  /** Ends the connection without a close frame, as when the network fails. */
  terminate(): void {
    this.stopDevices();
    this.socket.terminate();
  }

  private stopDevices(): void {
    this.microphone.close();
    this.player.stop();
  }

  private receive(data: Buffer, isBinary: boolean): void {
    const atMs = performance.now();
    if (isBinary) {
      this.playSpeech(readSpeechFrame(data), atMs);
      return;
    }
    const message = JSON.parse(data.toString('utf8')) as ServerMessage;
    this.inbox.add({ atMs, kind: 'message', message });
    if (message.type === 'interruption') this.player.clear(message.turn);
    if (message.type === 'pause') this.player.pause(message.turn, message.active);
    if (message.type === 'audio_response') {
      const { turn, seq, is_final: last, data: base64 } = message;
      this.playSpeech({ turn, seq, last, pcm: Buffer.from(base64, 'base64') }, atMs);
    }
  }

  private playSpeech(speech: Speech, atMs: number): void {
    this.inbox.add({ atMs, kind: 'speech', speech });
    this.player.addSpeech(speech, OUTPUT_SAMPLE_RATE_HZ);
  }
}
