import { once } from 'node:events';
import { type NarrationClientMessage, type NarrationServerMessage, WS_NARRATION_PATH } from '@parley/protocol';
import { WebSocket } from 'ws';

/** A client of `/ws/narration` that knows when the first audio came. */
export class NarrationSocket {
  readonly #messages: NarrationServerMessage[] = [];
  #firstAudioAtMs: number | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#firstAudioAtMs ??= performance.now();
      else this.#messages.push(JSON.parse(data.toString('utf8')) as NarrationServerMessage);
    });
  }

  static async connect(origin: string): Promise<NarrationSocket> {
    const socket = new WebSocket(origin.replace('http', 'ws') + WS_NARRATION_PATH, { perMessageDeflate: false });
    const connected = new NarrationSocket(socket);
    await once(socket, 'open');
    return connected;
  }

  send(message: NarrationClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** When the first audio came, on the clock of `performance.now`. */
  async firstAudioAtMs(): Promise<number> {
    while (this.#firstAudioAtMs === undefined) await this.#more();
    return this.#firstAudioAtMs;
  }

  /** Waits until the narration has started. */
  async started(): Promise<void> {
    while (!this.#messages.some(({ type }) => type === 'narration_started')) await this.#more();
  }

  async cancel(): Promise<void> {
    this.send({ type: 'cancel' });
    await once(this.socket, 'close');
  }

  async #more(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) throw new Error(`the narration has ended: ${JSON.stringify(this.#messages.at(-2))}`);
    await Promise.race([once(this.socket, 'message'), once(this.socket, 'close')]);
  }
}
