import { joinPcm } from '@parley/audio';
import { randomInt } from 'node:crypto';
import {
  decodeSpeechFrame,
  type NarrationClientMessage,
  type NarrationServerMessage,
  type StartNarration,
  WS_NARRATION_PATH,
} from '@parley/protocol';
import { WebSocket } from 'ws';
import { poll } from './sleep';

type MessageOf<Type extends NarrationServerMessage['type']> = Extract<NarrationServerMessage, { type: Type }>;

/** Speech as it arrived. */
export interface NarrationFrame {
  segment: number;
  seq: number;
  last: boolean;
  pcm: Int16Array;
}

/** Bounds a wait that is in vain; a good server on a busy machine is never as slow. */
const TIMEOUT_MS = 60_000;

/** A raw client of `/ws/narration` that keeps everything it receives. Whoever connects it closes it. */
export class NarrationClient {
  readonly messages: NarrationServerMessage[] = [];
  readonly frames: NarrationFrame[] = [];
  /** There once the socket has closed. */
  closeCode: number | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return void this.messages.push(JSON.parse(data.toString('utf8')) as NarrationServerMessage);
      const frame = decodeSpeechFrame(data);
      if (!frame) throw new Error('the server sent a binary message that is no speech frame');
      const bytes = frame.pcm.slice();
      this.frames.push({ segment: frame.turn, seq: frame.seq, last: frame.last, pcm: new Int16Array(bytes.buffer, 0, bytes.length / 2) });
    });
    socket.on('close', (code) => (this.closeCode = code));
  }

  /** Resolves when the socket is open. */
  static async connect(url: string): Promise<NarrationClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${WS_NARRATION_PATH}`);
    const client = new NarrationClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return client;
  }

  /** Starts the narration, and resolves when the server has agreed. With a seed of its own, so that nothing comes from the audio cache. */
  async start(fields: Partial<StartNarration> = {}): Promise<MessageOf<'narration_started'>> {
    this.send({ type: 'start_narration', seed: randomInt(2 ** 32), ...fields });
    return this.receives('narration_started');
  }

  send(message: NarrationClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  of<Type extends NarrationServerMessage['type']>(type: Type): MessageOf<Type>[] {
    return this.messages.filter((message): message is MessageOf<Type> => message.type === type);
  }

  /** Waits for the nth message of a type. */
  async receives<Type extends NarrationServerMessage['type']>(type: Type, count = 1): Promise<MessageOf<Type>> {
    await poll(
      `message ${count} of type ${type}`,
      async () => this.of(type).length,
      (found) => found >= count,
      TIMEOUT_MS,
    );
    return this.of(type)[count - 1];
  }

  /** Waits for audio that can be heard. */
  async hears(): Promise<void> {
    await poll('speech', async () => this.frames.some(({ pcm }) => pcm.length > 0), Boolean, TIMEOUT_MS);
  }

  /** Waits for the end of the narration and of the connection. */
  async ends(): Promise<MessageOf<'narration_completed'>> {
    const completed = await this.receives('narration_completed');
    await poll('the socket to close', async () => this.closeCode !== undefined, Boolean, TIMEOUT_MS);
    return completed;
  }

  /** The text that was spoken, by the alignment; of one segment or of all. */
  spokenText(segment?: number): string {
    const alignments = this.of('alignment').filter((alignment) => segment === undefined || alignment.segment === segment);
    return alignments.flatMap(({ chars }) => chars).join('');
  }

  /** All speech of one segment or of all, in the order in which it came. */
  pcm(segment?: number): Int16Array {
    const pieces = this.frames.filter((frame) => segment === undefined || frame.segment === segment).map(({ pcm }) => pcm);
    return joinPcm(pieces);
  }

  close(): void {
    this.socket.terminate();
  }
}
