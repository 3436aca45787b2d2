import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { RelayClock } from './clock';
import { markedFrame, MARKS } from './marked-frame';

/** How the caller reaches the agent: through the product, or straight, for comparison. */
export type Line = 'relay' | 'direct';

/** A caller that marks all its frames and times the speech and interruptions it receives. */
export class RelayCaller {
  private seq = 0;

  private constructor(
    private readonly socket: WebSocket,
    private readonly line: Line,
    /** From 1: 0 is no mark. */
    private readonly id: number,
    private readonly clock: RelayClock,
  ) {
    socket.on('error', () => socket.terminate());
    socket.on('message', (data, isBinary) => this.take(data as Buffer, isBinary));
  }

  static async start(url: string, line: Line, id: number, clock: RelayClock): Promise<RelayCaller> {
    const socket = new WebSocket(url, { perMessageDeflate: false, generateMask: () => undefined });
    const caller = new RelayCaller(socket, line, id, clock);
    await once(socket, 'open');
    socket.send(JSON.stringify(line === 'relay' ? START : INITIATION));
    return caller;
  }

  sendFrame(): void {
    const mark = { caller: this.id, seq: this.seq };
    this.seq = (this.seq + 1) % MARKS;
    const frame = markedFrame(mark);
    this.clock.frameSent(mark);
    if (this.line === 'relay') this.socket.send(frame, { binary: true });
    else this.socket.send(JSON.stringify({ user_audio_chunk: frame.toString('base64') }));
  }

  stop(): void {
    this.socket.terminate();
  }

  private take(data: Buffer, isBinary: boolean): void {
    if (isBinary) return this.clock.speechArrived(this.id);
    // The other messages are not timed, and parsing them would cost time.
    const text = data.toString();
    if (text.includes('"type":"interruption"')) this.clock.interruptionArrived(this.id);
    else if (text.includes('"type":"audio"')) {
      const { audio_event } = JSON.parse(text) as { audio_event: { audio_base_64: string } };
      if (Buffer.from(audio_event.audio_base_64, 'base64').length > 0) this.clock.speechArrived(this.id);
    }
  }
}

const START = { type: 'start_conversation', engine: 'agent' };
const INITIATION = { type: 'conversation_initiation_client_data' };
