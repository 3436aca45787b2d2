import { ProviderError } from '../ports/provider-error';
import type { CharacterAlignment } from '../ports/text-to-speech';
import { VendorSocket, type SocketEnd } from '../socket/vendor-socket';
import { Watchdog } from '../shared/watchdog';
import { ELEVEN_LABS, elevenLabsFrameError, elevenLabsSocketError } from './eleven-labs-errors';
import { decodeSocketFrame } from './socket-frame';

export interface MultiContextSocketOptions {
  url: string;
  apiKey: string;
  handshakeTimeoutMs: number;
}

/** Who speaks in a context. */
export interface ContextListener {
  audio(bytes: Uint8Array, alignment: CharacterAlignment | undefined): void;
  /** The context is complete. */
  final(): void;
  /** The context is dead. */
  failed(error: ProviderError): void;
}

const MOST_CONTEXTS = 5;
/** A context that has ended keeps its place at the vendor for about this long. */
const LINGER_MS = 1_000;
const HEARTBEAT_MS = 15_000;

/** One `multi-stream-input` socket: its contexts, their places, and who hears about what. Owned by the session, which closes it. */
export class MultiContextSocket {
  /** Resolves when contexts may be opened; rejects with the `ProviderError` that the socket ended by. */
  readonly opened: Promise<void>;
  /** Resolves when the connection is gone, whoever ended it, with the reason. */
  readonly ended: Promise<ProviderError>;
  readonly #socket: VendorSocket;
  readonly #contexts = new Map<string, ContextListener>();
  readonly #lingering = new Set<Watchdog>();
  #isRetired = false;
  #failure: ProviderError | undefined;

  constructor(options: MultiContextSocketOptions, onEnded: (error: ProviderError) => void) {
    let settle: { resolve(): void; reject(error: ProviderError): void } | undefined;
    let resolveEnded: ((error: ProviderError) => void) | undefined;
    this.opened = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    this.ended = new Promise((resolve) => (resolveEnded = resolve));
    // A socket that nobody waits for may fail in peace.
    this.opened.catch(() => undefined);
    this.#socket = new VendorSocket(
      {
        url: options.url,
        headers: { 'xi-api-key': options.apiKey },
        handshakeTimeoutMs: options.handshakeTimeoutMs,
        heartbeatMs: HEARTBEAT_MS,
      },
      {
        opened: () => settle?.resolve(),
        message: (text) => this.#message(text),
        ended: (end) => {
          const error = this.#ended(end);
          settle?.reject(error);
          resolveEnded?.(error);
          onEnded(error);
        },
      },
    );
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** True once the socket is on its way out, or gone. */
  get isClosing(): boolean {
    return this.#socket.isClosing;
  }

  /** The vendor allows five contexts, and ends the whole socket over a sixth. */
  get hasRoom(): boolean {
    return !this.#isRetired && this.#contexts.size + this.#lingering.size < MOST_CONTEXTS;
  }

  /** Takes a place; only while there is room. The id is new: a known one would continue that context. */
  enter(contextId: string, listener: ContextListener): void {
    this.#contexts.set(contextId, listener);
  }

  /** Sends a message of a live context; a no-op once that has left. */
  send(contextId: string, message: object): void {
    if (this.#contexts.has(contextId)) this.#socket.send({ ...message, context_id: contextId });
  }

  /** Ends the context at the vendor and drops whatever still comes of it. Idempotent. */
  cancel(contextId: string): void {
    this.send(contextId, { close_context: true });
    this.#leave(contextId);
  }

  /** Takes no more contexts and closes with the last one. Idempotent. */
  retire(): void {
    this.#isRetired = true;
    if (this.#contexts.size === 0) this.close();
  }

  /** Closes now. Idempotent. */
  close(): void {
    this.#socket.close();
  }

  #message(text: string): void {
    const frame = decodeSocketFrame(text);
    switch (frame.type) {
      case 'speech': {
        // Frames of a context that has left are what the vendor had in hand when it was told.
        const listener = this.#contexts.get(frame.contextId ?? '');
        // Frames may be the same to the bit, as those of a constant sound are: a TCP stream delivers nothing twice.
        if (frame.audio) listener?.audio(frame.audio, frame.alignment);
        if (frame.isFinal) this.#final(frame.contextId ?? '');
        return;
      }
      case 'error':
        return this.#error(elevenLabsFrameError(frame.error, frame.code), frame.contextId);
      case 'garbage':
        this.#failure = new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs sent something that is not its protocol');
        return this.#socket.terminate();
      case 'ignored':
        return;
    }
  }

  #final(contextId: string): void {
    const listener = this.#contexts.get(contextId);
    this.#leave(contextId);
    listener?.final();
  }

  /** An error that names no context means all of them; the close that follows is of the same cause. */
  #error(error: ProviderError, contextId: string | undefined): void {
    if (contextId === undefined) this.#failure = error;
    this.#failContexts(error, contextId === undefined ? [...this.#contexts.keys()] : [contextId]);
  }

  #failContexts(error: ProviderError, contextIds: readonly string[]): void {
    for (const contextId of contextIds) {
      const listener = this.#contexts.get(contextId);
      this.#leave(contextId);
      listener?.failed(error);
    }
  }

  #leave(contextId: string): void {
    if (!this.#contexts.delete(contextId)) return;
    if (this.#isRetired && this.#contexts.size === 0) return this.close();
    if (!this.isOpen) return;
    const linger = new Watchdog(() => this.#lingering.delete(linger));
    this.#lingering.add(linger);
    linger.arm(LINGER_MS);
  }

  #ended(end: SocketEnd): ProviderError {
    const error = this.#failure ?? elevenLabsSocketError(end);
    for (const linger of this.#lingering) linger.disarm();
    this.#lingering.clear();
    this.#failContexts(error, [...this.#contexts.keys()]);
    return error;
  }
}
