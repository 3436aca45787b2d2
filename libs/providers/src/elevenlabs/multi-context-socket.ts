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

/** Receives what happens in one context. */
export interface ContextListener {
  audio(bytes: Uint8Array, alignment: CharacterAlignment | undefined): void;
  /** Called when the context is complete. */
  final(): void;
  /** Called when the context has failed. */
  failed(error: ProviderError): void;
}

const MOST_CONTEXTS = 5;
/** A context that has ended still counts towards the limit of the vendor for about this long. */
const LINGER_MS = 1_000;
const HEARTBEAT_MS = 15_000;

/**
 * One `multi-stream-input` socket with its contexts. It counts the contexts and passes each message to the listener of its context. It is
 * owned and closed by the session.
 */
export class MultiContextSocket {
  /** Resolves when contexts may be opened. Rejects with the `ProviderError` that ended the socket. */
  readonly opened: Promise<void>;
  /** Resolves with the reason when the connection has ended, whoever ended it. */
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
    // The rejection is handled here, because nobody may be waiting for the socket.
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

  /** True once the socket is closing or closed. */
  get isClosing(): boolean {
    return this.#socket.isClosing;
  }

  /** True if another context may be opened. The vendor allows five contexts and closes the whole socket at the sixth. */
  get hasRoom(): boolean {
    return !this.#isRetired && this.#contexts.size + this.#lingering.size < MOST_CONTEXTS;
  }

  /** Registers a context. Call it only while there is room. The id must be new, because a known id would continue that context. */
  enter(contextId: string, listener: ContextListener): void {
    this.#contexts.set(contextId, listener);
  }

  /** Sends a message of a context. Does nothing if the context has ended. */
  send(contextId: string, message: object): void {
    if (this.#contexts.has(contextId)) this.#socket.send({ ...message, context_id: contextId });
  }

  /** Ends the context at the vendor and drops all of its later messages. Idempotent. */
  cancel(contextId: string): void {
    this.send(contextId, { close_context: true });
    this.#leave(contextId);
  }

  /** Accepts no more contexts and closes the socket after the last one. Idempotent. */
  retire(): void {
    this.#isRetired = true;
    if (this.#contexts.size === 0) this.close();
  }

  /** Closes the socket now. Idempotent. */
  close(): void {
    this.#socket.close();
  }

  #message(text: string): void {
    const frame = decodeSocketFrame(text);
    switch (frame.type) {
      case 'speech': {
        // Frames of a context that has ended were already on their way when the vendor was told about its end.
        const listener = this.#contexts.get(frame.contextId ?? '');
        // Identical frames are all passed on, because a constant sound yields identical frames and TCP never delivers data twice.
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

  /** An error that names no context applies to all contexts. The close that follows it has the same cause. */
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
