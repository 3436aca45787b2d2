import { ProviderError } from '../ports/provider-error';
import { VendorSocket, type SocketEnd } from '../socket/vendor-socket';
import { Watchdog } from '../shared/watchdog';
import type { SarvamDialect } from './sarvam-dialect';
import { SARVAM, sarvamSocketError, type SarvamFault } from './sarvam-errors';
import type { SequenceEvent, UtteranceSequence } from './utterance-sequence';
import { WireUtterance, type Wire, type WireListener } from './wire-utterance';

export interface SarvamConnectionOptions {
  dialect: SarvamDialect;
  url: string;
  apiKey: string;
  /** Limit for connecting, including the vendor's greeting, in milliseconds. */
  handshakeTimeoutMs: number;
  /** Limit from the request for the final of an utterance to the final, in milliseconds. */
  finalTimeoutMs: number;
}

export interface SarvamConnectionListener {
  /** Called when an utterance may begin on the connection, and again whenever one has left it. */
  ready(): void;
  /** Called once, as the last call of all. */
  ended(error: ProviderError, how: SarvamConnectionEnd): void;
}

/**
 * How a connection ended. `not-for-account`: the account may not use this socket, but perhaps the other one. `given-up`: we closed the
 * connection, although it was in order.
 */
export type SarvamConnectionEnd = 'lost' | 'not-for-account' | 'given-up';

const HEARTBEAT_MS = 15_000;
/** The time that the close code may take to follow the fatal error that it explains. */
const CLOSE_AFTER_FAULT_MS = 1_000;
/** Limit of one message. A transcript has a few hundred bytes. */
const MOST_MESSAGE_BYTES = 256 * 1024;
/**
 * Limit of data that the peer has not read yet: more than the longest utterance that is replayed at once, as base64. A peer that is further
 * behind has stopped reading.
 */
const MOST_BUFFERED_BYTES = 6_000_000;

/**
 * One socket to the recogniser, from connecting to its end. It handles the greeting, keep-alive messages, errors and the utterances on it.
 * It is owned and closed by the session.
 */
export class SarvamConnection {
  readonly #socket: VendorSocket;
  readonly #sequence: UtteranceSequence<WireUtterance>;
  readonly #utterances = new Set<WireUtterance>();
  readonly #greeting = new Watchdog(() => this.#fail(new ProviderError(SARVAM, 'timeout', 'sarvam did not begin the session in time')));
  readonly #keepAlive = new Watchdog(() => this.#send(this.options.dialect.keepAlive()));
  readonly #explanation = new Watchdog(() => this.terminate());
  #isReady = false;
  #isGivenUp = false;
  #fault: SarvamFault | undefined;
  #failure: ProviderError | undefined;
  /** The last message since the latest utterance began. */
  #lastMessage = '';

  constructor(
    private readonly options: SarvamConnectionOptions,
    private readonly listener: SarvamConnectionListener,
  ) {
    const { dialect, url, apiKey, handshakeTimeoutMs } = options;
    this.#sequence = dialect.createSequence();
    this.#greeting.arm(handshakeTimeoutMs);
    this.#socket = new VendorSocket(
      {
        url,
        headers: { 'api-subscription-key': apiKey },
        handshakeTimeoutMs,
        heartbeatMs: HEARTBEAT_MS,
        mostMessageBytes: MOST_MESSAGE_BYTES,
      },
      { opened: () => this.#opened(), message: (text) => this.#message(text), ended: (end) => this.#ended(end) },
    );
  }

  /** True while the vendor accepts utterances. */
  get isReady(): boolean {
    return this.#isReady && this.#socket.isOpen;
  }

  /** True while another utterance may be begun. */
  get hasRoom(): boolean {
    return this.isReady && (this.options.dialect.tellsUtterancesApart || this.#utterances.size === 0);
  }

  /** True once the vendor has accepted the session. */
  get wasReady(): boolean {
    return this.#isReady;
  }

  /** Resolves when the connection has ended, whoever ended it. */
  get gone(): Promise<void> {
    return this.#socket.gone;
  }

  /** Begins an utterance on the connection. Call it only while there is room. */
  begin(listener: WireListener): WireUtterance {
    const wire: Wire = {
      dialect: this.options.dialect,
      sequence: this.#sequence,
      finalTimeoutMs: this.options.finalTimeoutMs,
      send: (message) => this.#send(message),
      terminate: () => this.terminate(),
      giveUp: () => {
        this.#isGivenUp = true;
        this.terminate();
      },
      isSharedBy: (one) => [...this.#utterances].some((other) => other !== one && other.isWaitedFor),
      left: (left) => {
        this.#utterances.delete(left);
        if (this.hasRoom) this.listener.ready();
      },
    };
    this.#lastMessage = '';
    const utterance = new WireUtterance(wire, listener);
    this.#utterances.add(utterance);
    return utterance;
  }

  /** Sends the goodbye message and closes the connection. Idempotent. */
  close(): void {
    const goodbye = this.options.dialect.goodbye();
    if (goodbye) this.#send(goodbye);
    this.#socket.close();
  }

  /** Ends the connection at once. Idempotent. */
  terminate(): void {
    this.#socket.terminate();
  }

  #opened(): void {
    if (!this.options.dialect.announcesReady) this.#ready();
  }

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#greeting.disarm();
    this.#keepAlive.arm(this.options.dialect.keepAliveMs);
    this.listener.ready();
  }

  /** Sends a message, which postpones the next keep-alive message. */
  #send(message: object): void {
    if (!this.#socket.isOpen) return;
    if (this.#socket.bufferedBytes > MOST_BUFFERED_BYTES) {
      return this.#fail(new ProviderError(SARVAM, 'connection_lost', 'sarvam stopped reading'));
    }
    this.#socket.send(message);
    this.#keepAlive.arm(this.options.dialect.keepAliveMs);
  }

  #message(text: string): void {
    // Results and signals carry times, so two identical messages are one message that arrived twice.
    if (text === this.#lastMessage) return;
    this.#lastMessage = text;
    const event = this.options.dialect.decode(text);
    switch (event.type) {
      case 'ready':
        return this.#ready();
      case 'partial':
      case 'final':
      case 'speech':
        return this.#result(event);
      case 'fault':
        if (!event.isFatal) return;
        this.#fault = event.fault;
        return this.#explanation.arm(CLOSE_AFTER_FAULT_MS);
      case 'garbage':
        return this.#fail(new ProviderError(SARVAM, 'bad_response', 'sarvam sent something that is not its protocol'));
      case 'ignored':
        return;
    }
  }

  #result(event: SequenceEvent): void {
    const update = this.#sequence.accept(event);
    update?.utterance.accept(update);
  }

  #fail(error: ProviderError): void {
    this.#failure ??= error;
    this.terminate();
  }

  #ended(end: SocketEnd): void {
    this.#greeting.disarm();
    this.#keepAlive.disarm();
    this.#explanation.disarm();
    const error = this.#failure ?? sarvamSocketError(end, this.#fault);
    for (const utterance of [...this.#utterances]) utterance.lost(error);
    this.listener.ended(error, this.#how(end));
  }

  #how(end: SocketEnd): SarvamConnectionEnd {
    if (this.#isGivenUp) return 'given-up';
    return end.kind === 'closed' && end.code === 4000 && this.#fault?.status === 403 ? 'not-for-account' : 'lost';
  }
}
