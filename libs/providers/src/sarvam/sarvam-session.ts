import type { ProviderError } from '../ports/provider-error';
import type { SttSession, SttUtterance } from '../ports/speech-to-text';
import type { ProviderLogger } from '../ports/provider-logger';
import { BACKGROUND_RECONNECTS, reconnectDelayMs } from '../socket/reconnect-delay';
import { Watchdog } from '../shared/watchdog';
import type { SarvamConnection, SarvamConnectionEnd, SarvamConnectionListener } from './sarvam-connection';
import { SarvamUtterance } from './sarvam-utterance';

export interface SarvamSessionHost {
  /** Starts a connection in the dialect that this account may use. */
  connect(listener: SarvamConnectionListener): SarvamConnection;
  /** The account may not use the dialect it has been using. False when there is no other. */
  fallBack(): boolean;
  readonly logger: ProviderLogger;
  readonly random: () => number;
}

/** A connection that lived this long was a good one: the next reconnect starts from the shortest delay again. */
const GOOD_CONNECTION_MS = 10_000;

/** One conversation's recogniser: one connection, kept open and restored, one utterance that takes audio, and those before it that still wait for their final. */
export class SarvamSession implements SttSession {
  readonly #reconnect = new Watchdog(() => this.#connect());
  readonly #onAbort = () => void this.close();
  #connection: SarvamConnection | undefined;
  #connectedAtMs = 0;
  #failures = 0;
  /** In the order they were begun. */
  readonly #utterances = new Set<SarvamUtterance>();
  #closing: Promise<void> | undefined;

  constructor(
    private readonly host: SarvamSessionHost,
    private readonly signal: AbortSignal,
  ) {
    if (signal.aborted) {
      this.#closing = Promise.resolve();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#connect();
  }

  utterance(signal: AbortSignal): SttUtterance {
    for (const other of [...this.#utterances]) if (!other.hasEnded) other.discard();
    const utterance = new SarvamUtterance({ wantsConnection: () => this.#attach(), left: (left) => this.#left(left) }, signal);
    if (this.#closing || signal.aborted) {
      utterance.discard();
      return utterance;
    }
    this.#utterances.add(utterance);
    this.#connect();
    return utterance;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#reconnect.disarm();
    for (const utterance of [...this.#utterances]) utterance.discard();
    this.#connection?.close();
    await this.#connection?.gone;
  }

  /** Connects now, unless that is done or under way. */
  #connect(): void {
    if (this.#connection) return;
    this.#reconnect.disarm();
    this.#connectedAtMs = performance.now();
    this.#connection = this.host.connect({ ready: () => this.#attach(), ended: (error, how) => this.#ended(error, how) });
  }

  #attach(): void {
    const connection = this.#connection;
    if (!connection?.isReady) return this.#connect();
    for (const utterance of [...this.#utterances]) if (connection.hasRoom) utterance.attach(connection);
  }

  #left(utterance: SarvamUtterance): void {
    this.#utterances.delete(utterance);
  }

  #ended(error: ProviderError, how: SarvamConnectionEnd): void {
    const wasGood = performance.now() - this.#connectedAtMs >= GOOD_CONNECTION_MS;
    const wasReady = this.#connection?.wasReady === true;
    this.#connection = undefined;
    if (this.#closing) return;
    if (how === 'given-up' || (how === 'not-for-account' && this.host.fallBack())) return this.#connect();
    this.#failures = wasGood ? 1 : this.#failures + 1;
    this.host.logger.warn('speech-to-text connection lost', { code: error.code, failures: this.#failures, cause: error.message });
    const waiting = [...this.#utterances].filter(({ isWaiting }) => isWaiting);
    // Nothing of them was on the connection that went; one that never came about is their failure.
    if (waiting.length > 0 && wasReady) return this.#connect();
    for (const utterance of waiting) utterance.fail(error);
    if (error.retryable && this.#failures <= BACKGROUND_RECONNECTS) this.#reconnectLater(error);
  }

  #reconnectLater(error: ProviderError): void {
    const delayMs = reconnectDelayMs(this.#failures - 1, this.host.random);
    this.#reconnect.arm(Math.max(delayMs, error.retryAfterMs ?? 0));
  }
}
