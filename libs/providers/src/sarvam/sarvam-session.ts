import type { ProviderError } from '../ports/provider-error';
import type { SttSession, SttUtterance } from '../ports/speech-to-text';
import type { ProviderLogger } from '../ports/provider-logger';
import { BACKGROUND_RECONNECTS, reconnectDelayMs } from '../socket/reconnect-delay';
import { Watchdog } from '../shared/watchdog';
import type { SarvamConnection, SarvamConnectionEnd, SarvamConnectionListener } from './sarvam-connection';
import { SarvamUtterance } from './sarvam-utterance';

export interface SarvamSessionHost {
  /** Opens a connection in the dialect that this account may use. */
  connect(listener: SarvamConnectionListener): SarvamConnection;
  /** Switches to the other dialect, because the account may not use the current one. Returns false if there is no other. */
  fallBack(): boolean;
  readonly logger: ProviderLogger;
  readonly random: () => number;
}

/** A connection that lived for this long was in order, so the next reconnect starts again with the shortest delay. */
const GOOD_CONNECTION_MS = 10_000;

/**
 * The recogniser of one conversation. It keeps one connection open and restores it. One utterance receives audio, while earlier ones may
 * still wait for their final.
 */
export class SarvamSession implements SttSession {
  readonly #reconnect = new Watchdog(() => this.#connect());
  readonly #onAbort = () => void this.close();
  #connection: SarvamConnection | undefined;
  #connectedAtMs = 0;
  #failures = 0;
  /** The utterances in the order in which they began. */
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

  /** Connects, unless a connection is open or being opened. */
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
    // The waiting utterances had sent nothing on the lost connection, so a new one can take them. If no connection could be opened at all,
    // they fail.
    if (waiting.length > 0 && wasReady) return this.#connect();
    for (const utterance of waiting) utterance.fail(error);
    if (error.retryable && this.#failures <= BACKGROUND_RECONNECTS) this.#reconnectLater(error);
  }

  #reconnectLater(error: ProviderError): void {
    const delayMs = reconnectDelayMs(this.#failures - 1, this.host.random);
    this.#reconnect.arm(Math.max(delayMs, error.retryAfterMs ?? 0));
  }
}
