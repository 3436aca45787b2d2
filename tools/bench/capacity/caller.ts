import { once } from 'node:events';
import { decodeSpeechFrame } from '@parley/protocol';
import { WebSocket } from 'ws';

/** 24 kHz s16. */
const BYTES_PER_MS = 48;
const PLAYBACK_EVERY_MS = 250;
/** How much a page buffers before it plays, in ms. */
const START_BUFFER_MS = 200;

interface Playing {
  turn: number;
  receivedMs: number;
  complete: boolean;
  startsAtMs: number;
  reportedAtMs: number;
  started: boolean;
}

/** One of many callers: sends microphone frames, simulates playback by the clock, reports what it played, and times heartbeats. */
export class Caller {
  readonly heartbeatsMs: number[] = [];
  /** Speech that has come, in ms of audio. */
  speechMs = 0;
  answers = 0;
  errors = 0;
  private playing: Playing | undefined;
  private askedAtMs: number | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data, isBinary) => (isBinary ? this.takeSpeech(data as Buffer) : this.takeMessage(String(data))));
    socket.on('error', () => this.errors++);
  }

  /** Connects and starts a conversation. */
  static async start(url: string): Promise<Caller> {
    // Frames are masked with zeros, because random masks would cost the bench more than the server.
    const socket = new WebSocket(url, { perMessageDeflate: false, generateMask: () => undefined });
    const caller = new Caller(socket);
    await once(socket, 'open');
    socket.send('{"type":"start_conversation"}');
    return caller;
  }

  push(frame: Uint8Array): void {
    this.socket.send(frame, { binary: true });
  }

  /** A heartbeat waits behind the frames sent before it, so its round trip is an upper bound of a frame's delay. */
  askHeartbeat(): void {
    if (this.askedAtMs !== undefined) return;
    this.askedAtMs = performance.now();
    this.socket.send('{"type":"heartbeat"}');
  }

  /** Advances the simulated playback; must be called often. */
  play(nowMs: number): void {
    const { playing } = this;
    if (playing === undefined || nowMs < playing.startsAtMs) return;
    const playedMs = Math.min(playing.receivedMs, nowMs - playing.startsAtMs);
    if (!playing.started) {
      playing.started = true;
      this.report(playing, 'started', 0, nowMs);
    } else if (playing.complete && playedMs >= playing.receivedMs) {
      this.playing = undefined;
      this.answers++;
      this.report(playing, 'ended', playedMs, nowMs);
    } else if (nowMs - playing.reportedAtMs >= PLAYBACK_EVERY_MS) {
      this.report(playing, 'progress', playedMs, nowMs);
    }
  }

  stop(): void {
    this.socket.terminate();
  }

  private takeSpeech(data: Buffer): void {
    const frame = decodeSpeechFrame(data);
    if (frame === undefined) return void this.errors++;
    const receivedMs = frame.pcm.byteLength / BYTES_PER_MS;
    this.speechMs += receivedMs;
    const playing = this.playing?.turn === frame.turn ? this.playing : begun(frame.turn);
    playing.receivedMs += receivedMs;
    playing.complete ||= frame.last;
    this.playing = playing;
  }

  private takeMessage(text: string): void {
    // Only the needed messages are parsed, to save the bench's own CPU time.
    if (text.includes('"heartbeat"') && this.askedAtMs !== undefined) {
      this.heartbeatsMs.push(performance.now() - this.askedAtMs);
      this.askedAtMs = undefined;
    } else if (text.includes('"type":"error"')) {
      this.errors++;
    }
  }

  private report(playing: Playing, event: 'started' | 'progress' | 'ended', playedMs: number, nowMs: number): void {
    playing.reportedAtMs = nowMs;
    this.socket.send(JSON.stringify({ type: 'playback', turn: playing.turn, event, played_ms: Math.round(playedMs) }));
  }
}

const begun = (turn: number): Playing => ({
  turn,
  receivedMs: 0,
  complete: false,
  startsAtMs: performance.now() + START_BUFFER_MS,
  reportedAtMs: 0,
  started: false,
});
