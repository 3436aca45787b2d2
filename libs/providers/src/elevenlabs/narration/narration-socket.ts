import type { Agent } from 'node:http';
import { ProviderError } from '../../ports/provider-error';
import type { CharacterAlignment } from '../../ports/text-to-speech';
import { VendorSocket } from '../../socket/vendor-socket';
import { ELEVEN_LABS, elevenLabsFrameError, elevenLabsSocketError } from '../eleven-labs-errors';
import { decodeSocketFrame } from '../socket-frame';

export interface NarrationSocketOptions {
  url: string;
  apiKey: string;
  handshakeTimeoutMs: number;
  agent: Agent;
}

/** Receives what the vendor sends on a socket. */
export interface NarrationSocketListener {
  audio(bytes: Uint8Array, alignment: CharacterAlignment | undefined): void;
  /** Called when the vendor has spoken everything. */
  final(): void;
  /** Called once if the socket ends before that. */
  failed(error: ProviderError): void;
}

const HEARTBEAT_MS = 15_000;
const NOTHING = new Uint8Array(0);

/** One `stream-input` socket, which speaks one text. It may be opened before there is anything to speak. */
export class NarrationSocket {
  /** Resolves when text may be sent. Rejects with the `ProviderError` that ended the socket. */
  readonly opened: Promise<void>;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly gone: Promise<void>;
  readonly #socket: VendorSocket;
  #listener: NarrationSocketListener | undefined;
  #failure: ProviderError | undefined;
  #wasOpened = false;
  #isEnded = false;

  constructor(options: NarrationSocketOptions) {
    let settle: { resolve(): void; reject(error: ProviderError): void } | undefined;
    this.opened = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    // The rejection is handled here, because nobody may be waiting for the socket.
    this.opened.catch(() => undefined);
    this.#socket = new VendorSocket(
      {
        url: options.url,
        headers: { 'xi-api-key': options.apiKey },
        handshakeTimeoutMs: options.handshakeTimeoutMs,
        heartbeatMs: HEARTBEAT_MS,
        agent: options.agent,
      },
      {
        opened: () => {
          this.#wasOpened = true;
          settle?.resolve();
        },
        message: (text) => this.#message(text),
        ended: (end) => {
          this.#isEnded = true;
          this.#failure ??= elevenLabsSocketError(end);
          settle?.reject(this.#failure);
          this.#listener?.failed(this.#failure);
        },
      },
    );
    this.gone = this.#socket.gone;
  }

  /** True once the vendor has accepted the connection, also after its end. */
  get wasOpened(): boolean {
    return this.#wasOpened;
  }

  /** True while the socket is open or is being opened. */
  get isUsable(): boolean {
    return !this.#isEnded && !this.#socket.isClosing;
  }

  listen(listener: NarrationSocketListener): void {
    this.#listener = listener;
    if (this.#isEnded && this.#failure) listener.failed(this.#failure);
  }

  send(message: object): void {
    this.#socket.send(message);
  }

  /** Ends the connection with a close frame. Idempotent. */
  close(): void {
    this.#listener = undefined;
    this.#socket.close();
  }

  /** Ends the connection at once, which also ends the work of the vendor. Idempotent. */
  terminate(): void {
    this.#listener = undefined;
    this.#socket.terminate();
  }

  #message(text: string): void {
    const frame = decodeSocketFrame(text, 'given');
    switch (frame.type) {
      case 'speech':
        if (frame.audio || frame.alignment) this.#listener?.audio(frame.audio ?? NOTHING, frame.alignment);
        if (frame.isFinal) this.#listener?.final();
        return;
      case 'error':
        // The close that follows has the same cause.
        this.#failure ??= elevenLabsFrameError(frame.error, frame.code);
        this.#listener?.failed(this.#failure);
        return;
      case 'garbage':
        this.#failure ??= new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs sent something that is not its protocol');
        return this.#socket.terminate();
      case 'ignored':
        return;
    }
  }
}
