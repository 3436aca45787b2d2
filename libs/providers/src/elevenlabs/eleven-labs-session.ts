import { randomUUID } from 'node:crypto';
import { ProviderError, type ProviderErrorCode } from '../ports/provider-error';
import type { SpeechChunk, TtsSession } from '../ports/text-to-speech';
import type { ProviderLogger } from '../ports/provider-logger';
import { raceAbort } from '../shared/race-abort';
import { BACKGROUND_RECONNECTS, reconnectDelayMs } from '../socket/reconnect-delay';
import { Watchdog } from '../shared/watchdog';
import { ContextSpeech } from './context-speech';
import type { HttpSpeech, HttpVoiceOptions } from './http-speech';
import { MultiContextSocket } from './multi-context-socket';
import { SpeechAssembler } from './speech-assembler';
import { TextLog } from '../shared/text-log';

export interface ElevenLabsSessionOptions {
  /** Left out if the socket does not support the model. All speech then goes over HTTP. */
  socketUrl: string | undefined;
  apiKey: string;
  handshakeTimeoutMs: number;
  http: HttpSpeech;
  voice: HttpVoiceOptions;
  logger: ProviderLogger;
  random: () => number;
}

/** Failures that would also occur over HTTP. */
const SAME_OVER_HTTP: ReadonlySet<ProviderErrorCode> = new Set(['auth', 'quota']);
/** The failures that show that the socket does not support the model. */
const SOCKET_REFUSES: ReadonlySet<ProviderErrorCode> = new Set(['invalid_request', 'model_not_found']);
/** A socket that lived for this long was in order, so the next reconnect starts again with the shortest delay. */
const GOOD_SOCKET_MS = 10_000;

/**
 * The voice of one conversation. It opens one socket in advance and reopens it when it is lost, uses one context for each `speak` call, and
 * falls back to HTTP if the socket cannot be used.
 */
export class ElevenLabsSession implements TtsSession {
  readonly #ending = new AbortController();
  readonly #reconnect = new Watchdog(() => this.#connect());
  readonly #sockets = new Set<MultiContextSocket>();
  readonly #onAbort = () => void this.close();
  /** The socket on which new contexts are opened. */
  #current: MultiContextSocket | undefined;
  #connectedAtMs = 0;
  #failures = 0;
  #isSocketRefused: boolean;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly options: ElevenLabsSessionOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#isSocketRefused = options.socketUrl === undefined;
    if (signal.aborted) {
      void this.close();
      return;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#connect();
  }

  async *speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const stop = AbortSignal.any([signal, this.#ending.signal]);
    const log = new TextLog(text);
    const closeLog = () => log.close();
    stop.addEventListener('abort', closeLog, { once: true });
    try {
      if (!stop.aborted && (await log.hasText())) yield* this.#speak(log, stop);
    } finally {
      stop.removeEventListener('abort', closeLog);
      log.close();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#reconnect.disarm();
    this.#ending.abort();
    this.#current = undefined;
    const sockets = [...this.#sockets];
    for (const socket of sockets) socket.close();
    await Promise.all(sockets.map((socket) => socket.ended));
  }

  async *#speak(log: TextLog, stop: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    let speech: ContextSpeech | undefined;
    try {
      speech = this.#isSocketRefused ? undefined : await this.#enterSocket(stop);
      if (speech) return yield* speech.speak(log, stop);
    } catch (error) {
      if (stop.aborted) return;
      if (!this.#goesOverHttp(error, speech)) throw error;
    }
    if (!stop.aborted) yield* this.options.http.speak(log.read(), this.options.voice, stop);
  }

  /**
   * Opens a new context on a socket with room, opening a socket if necessary. Resolves to undefined if no socket is available at the
   * moment, and rejects if it is refused.
   */
  async #enterSocket(stop: AbortSignal): Promise<ContextSpeech | undefined> {
    const { voice } = this.options;
    // The vendor has just failed several times, so speech goes over HTTP until a reconnect in the background succeeds.
    if (!this.#current && this.#reconnect.isArmed && this.#failures > 1) return undefined;
    while (!stop.aborted) {
      const socket = this.#usableSocket();
      if (!socket) return undefined;
      if (socket.isOpen && socket.hasRoom) {
        const assembler = new SpeechAssembler(voice.vendorRateHz, voice.wantedRateHz);
        return new ContextSpeech(socket, randomUUID(), assembler, voice.timing, voice.voiceSettings);
      }
      await raceAbort(socket.opened, stop);
      // The vendor closed the socket right after opening it. Trying again at once could go on without end.
      if (socket.isClosing && !stop.aborted) throw await socket.ended;
    }
    return undefined;
  }

  /** Returns the current socket, or a new one if that is full or closing. */
  #usableSocket(): MultiContextSocket | undefined {
    const current = this.#current;
    if (current?.isClosing || (current?.isOpen && !current.hasRoom)) {
      current.retire();
      this.#current = undefined;
    }
    this.#connect();
    return this.#current;
  }

  #goesOverHttp(error: unknown, speech: ContextSpeech | undefined): boolean {
    if (!(error instanceof ProviderError) || speech?.hasAudio || SAME_OVER_HTTP.has(error.code)) return false;
    if (SOCKET_REFUSES.has(error.code)) this.#isSocketRefused = true;
    // Once text has been sent on an open socket, only a refusal of the model allows the speech to start over HTTP.
    else if (speech) return false;
    this.options.logger.warn('speech goes over HTTP, the socket is not to be had', { code: error.code, cause: error.message });
    return true;
  }

  #connect(): void {
    const { socketUrl: url, apiKey, handshakeTimeoutMs } = this.options;
    if (this.#current || this.#closing || this.#isSocketRefused || url === undefined) return;
    this.#reconnect.disarm();
    this.#connectedAtMs = performance.now();
    const socket = new MultiContextSocket({ url, apiKey, handshakeTimeoutMs }, (error) => this.#ended(socket, error));
    this.#sockets.add(socket);
    this.#current = socket;
  }

  #ended(socket: MultiContextSocket, error: ProviderError): void {
    this.#sockets.delete(socket);
    if (this.#current !== socket) return;
    this.#current = undefined;
    if (this.#closing) return;
    this.#failures = performance.now() - this.#connectedAtMs >= GOOD_SOCKET_MS ? 1 : this.#failures + 1;
    this.options.logger.debug('text-to-speech socket lost', { code: error.code, failures: this.#failures, cause: error.message });
    // A close without a reason may look like our own fault (1008 after idling), so only the next attempt can show what is wrong.
    if (!SAME_OVER_HTTP.has(error.code) && this.#failures <= BACKGROUND_RECONNECTS) {
      this.#reconnect.arm(Math.max(reconnectDelayMs(this.#failures - 1, this.options.random), error.retryAfterMs ?? 0));
    }
  }
}
