import type { WebSocket } from '@playwright/test';
import type { Speech } from './listening';
import type { ConversationStarted, ServerMessage } from '@parley/protocol';

const HEADER_BYTES = 12;
const TURN_OFFSET = 4;

/** What the server sent to one page on one connection; a page that reconnects gets a new `Wire`. */
export class Wire {
  readonly messages: ServerMessage[] = [];
  /** The address that the page connected to. */
  readonly url: string;
  private readonly speech = new Map<number, Buffer[]>();

  constructor(socket: WebSocket) {
    this.url = socket.url();
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') this.messages.push(JSON.parse(payload) as ServerMessage);
      else this.heard(payload);
    });
  }

  of<T extends ServerMessage['type']>(type: T): Extract<ServerMessage, { type: T }>[] {
    return this.messages.filter((message): message is Extract<ServerMessage, { type: T }> => message.type === type);
  }

  /** All speech of one turn that has come so far. */
  speechOf(turn: number): Speech {
    const bytes = Buffer.concat(this.speech.get(turn) ?? []);
    const pcm = new Int16Array(bytes.byteLength / 2);
    for (let i = 0; i < pcm.length; i++) pcm[i] = bytes.readInt16LE(i * 2);
    return { pcm, sampleRateHz: this.started().output_audio.sample_rate };
  }

  private started(): ConversationStarted {
    const [started] = this.of('conversation_started');
    if (!started) throw new Error('no conversation has started');
    return started;
  }

  private heard(frame: Buffer): void {
    const turn = frame.readUInt32LE(TURN_OFFSET);
    this.speech.set(turn, [...(this.speech.get(turn) ?? []), frame.subarray(HEADER_BYTES)]);
  }
}
