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
  /** Bound of connecting, the vendor's greeting included. */
  handshakeTimeoutMs: number;
  /** From asking for an utterance's final to having it. */
  finalTimeoutMs: number;
}

export interface SarvamConnectionListener {
  /** It may take an utterance; again whenever one has left it. */
  ready(): void;
  /** Once, the last call of all. */
  ended(error: ProviderError, how: SarvamConnectionEnd): void;
}

/** `not-for-account`: this socket is not open to this account; the other one may be. `given-up`: by ourselves, nothing was wrong with it. */
export type SarvamConnectionEnd = 'lost' | 'not-for-account' | 'given-up';

const HEARTBEAT_MS = 15_000;
/** How long the close code that explains a fatal error may take to follow it. */
const CLOSE_AFTER_FAULT_MS = 1_000;
/** A transcript is some hundred bytes. */
const MOST_MESSAGE_BYTES = 256 * 1024;
/** A peer that has stopped reading: more than the longest utterance that is replayed at once, as base64. */
const MOST_BUFFERED_BYTES = 6_000_000;

/** One socket to the recogniser, from connecting to gone: greeting, keep-alive, faults, and the utterances on it. Owned by the session, which closes it. */
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
  /** Since the last utterance was begun. */
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

  /** True while the vendor takes utterances. */
  get isReady(): boolean {
    return this.#isReady && this.#socket.isOpen;
  }

  /** True while another utterance may be begun. */
  get hasRoom(): boolean {
    return this.isReady && (this.options.dialect.tellsUtterancesApart || this.#utterances.size === 0);
  }

  /** True once the vendor had accepted the session. */
  get wasReady(): boolean {
    return this.#isReady;
  }

  /** Resolves when the connection is gone, whoever ended it. */
  get gone(): Promise<void> {
    return this.#socket.gone;
  }

  /** Puts an utterance on the wire; only while there is room. */
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

  /** Says goodbye and closes. Idempotent. */
  close(): void {
    const goodbye = this.options.dialect.goodbye();
    if (goodbye) this.#send(goodbye);
    this.#socket.close();
  }

  /** Cuts the connection now. Idempotent. */
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

  /** Every message puts the keep-alive off. */
  #send(message: object): void {
    if (!this.#socket.isOpen) return;
    if (this.#socket.bufferedBytes > MOST_BUFFERED_BYTES) {
      return this.#fail(new ProviderError(SARVAM, 'connection_lost', 'sarvam stopped reading'));
    }
    this.#socket.send(message);
    this.#keepAlive.arm(this.options.dialect.keepAliveMs);
  }

  #message(text: string): void {
    // Results and signals carry times: two that are the same to the letter are one that came twice.
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
