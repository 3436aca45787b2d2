import type { NarrationOptions } from '../../ports/narration';
import { ProviderError, type ProviderErrorCode } from '../../ports/provider-error';
import type { ProviderLogger } from '../../ports/provider-logger';
import type { SpeechChunk } from '../../ports/text-to-speech';
import { outputRate } from '../output-rate';
import { SpeechAssembler } from '../speech-assembler';
import { SpeechBounds } from '../speech-bounds';
import { AttemptAudio, type Continuation } from './attempt-audio';
import { backoffMs, MOST_RETRIES } from './backoff';
import type { NarrationSocket } from './narration-socket';
import type { NarrationSockets } from './narration-sockets';
import type { NarrationText } from './narration-text';
import type { NarrationTiming } from './narration-timing';
import { nextStretch } from './next-stretch';
import { billed, CONTEXT_CHARACTERS, segmentCall } from './segment-speech';
import { SocketAttempt } from './socket-attempt';
import type { VendorRequests } from './vendor-requests';
import { vendorSettings } from './voice-request';

export interface NarrationRunOptions {
  url: string;
  sockets: NarrationSockets;
  requests: VendorRequests;
  text: NarrationText;
  voice: NarrationOptions;
  /** Billed characters per character. */
  costFactor: number;
  timing: NarrationTiming;
  logger: ProviderLogger;
  random: () => number;
  wait: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** Failures that would also occur on another connection and over HTTP. */
const FINAL: ReadonlySet<ProviderErrorCode> = new Set(['auth', 'quota']);

/**
 * One narration. It speaks over a socket; a lost socket is replaced after 1, 2 and 4 s, and the next one continues after the last word that
 * was handed out. If the socket is refused, cannot be opened at the start, or is lost several times without a word, the rest goes over
 * HTTP, in requests of one or more sentences.
 */
export class NarrationRun {
  #via: 'socket' | 'http' = 'socket';
  #socket: NarrationSocket;
  #samples = 0;
  #retries = 0;
  #requests = 0;
  #isReconnecting = false;

  constructor(
    private readonly options: NarrationRunOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#socket = this.#connect();
  }

  /** Ends at once and without an error when the signal aborts. Throws `ProviderError`, or the error of the text. */
  async *speak(): AsyncGenerator<SpeechChunk, void> {
    const { text, sockets, url } = this.options;
    const release = sockets.use(url);
    const letGo = () => text.close();
    this.signal.addEventListener('abort', letGo, { once: true });
    try {
      if (!this.signal.aborted) yield* this.#attempts();
    } finally {
      this.signal.removeEventListener('abort', letGo);
      text.close();
      release();
      this.#socket.terminate();
    }
  }

  async *#attempts(): AsyncGenerator<SpeechChunk, void> {
    const { text } = this.options;
    let from: Continuation = { position: 0, skipMs: 0 };
    while ((await text.hasMore(from.position)) && !this.signal.aborted) {
      const end = this.#via === 'http' ? await this.#nextStretch(from.position) : undefined;
      const audio = this.#newAudio(from);
      try {
        for await (const chunk of end === undefined ? this.#overSocket(audio, from) : this.#overHttp(audio, from, end)) {
          this.#samples += chunk.pcm.length;
          yield chunk;
        }
        if (end === undefined || this.signal.aborted) return;
        from = { position: end, skipMs: 0 };
        this.#retries = 0;
      } catch (error) {
        if (this.signal.aborted) return;
        if (!(error instanceof ProviderError)) throw error;
        const { chunk, continuation } = audio.lost();
        if (chunk) {
          this.#samples += chunk.pcm.length;
          yield chunk;
        }
        if (continuation.position > from.position) this.#retries = 0;
        from = continuation;
        if (text.isEnded && !text.isSpeakable(from.position)) return;
        await this.#recover(error, audio.receivedMs > 0);
      }
    }
  }

  #newAudio(from: Continuation): AttemptAudio {
    const { text, voice } = this.options;
    return new AttemptAudio({
      text: () => text.text,
      from,
      startMs: (this.#samples / voice.sampleRateHz) * 1000,
      sampleRateHz: voice.sampleRateHz,
      assembler: new SpeechAssembler(outputRate(voice.sampleRateHz), voice.sampleRateHz),
      handsOut: 'words',
    });
  }

  #overSocket(audio: AttemptAudio, { position }: Continuation): AsyncGenerator<SpeechChunk, void> {
    const { text, voice, timing, costFactor } = this.options;
    if (!this.#socket.isUsable) this.#socket = this.#connect();
    return new SocketAttempt({
      socket: this.#socket,
      text,
      audio,
      from: position,
      sampleRateHz: voice.sampleRateHz,
      schedule: voice.chunkSchedule,
      voiceSettings: vendorSettings(voice.model, voice.settings),
      timing,
      notify: this.#notify,
      costFactor,
      onOpened: () => {
        if (this.#isReconnecting) this.#notify({ type: 'reconnected' });
        this.#isReconnecting = false;
      },
    }).speak(this.signal);
  }

  /** Speaks the text up to `end` in one request. */
  async *#overHttp(audio: AttemptAudio, { position }: Continuation, end: number): AsyncGenerator<SpeechChunk, void> {
    const { requests, voice, text, costFactor } = this.options;
    const stretch = text.text.slice(position, end);
    const context = {
      previousText: text.text.slice(Math.max(0, position - CONTEXT_CHARACTERS), position),
      nextText: text.text.slice(end, Math.min(text.readyTo, end + CONTEXT_CHARACTERS)),
    };
    const bounds = new SpeechBounds();
    bounds.sent(stretch);
    audio.sent(position, end);
    this.#notify({ type: 'sent' });
    this.#requests += 1;
    const call = segmentCall(stretch, { ...voice, ...context }, (headers) => billed(headers, stretch.length * costFactor, this.#notify));
    for await (const { bytes, alignment } of requests.speech(call, this.signal)) {
      this.#notify({ type: 'received' });
      const chunk = audio.push(bytes, alignment);
      bounds.received(audio.receivedMs);
      if (chunk) yield chunk;
    }
    const rest = audio.finish(end, { isLast: text.isEnded && !text.isSpeakable(end) });
    if (rest) yield rest;
  }

  #nextStretch(from: number): Promise<number> {
    return nextStretch(this.options.text, from, this.#requests, this.options.voice.chunkSchedule);
  }

  /** Decides how to continue after a failure, and waits before the next attempt. Throws if there is no way. */
  async #recover(error: ProviderError, hasAudio: boolean): Promise<void> {
    const { random, wait, logger } = this.options;
    if (FINAL.has(error.code)) throw error;
    const isOver = this.#retries >= MOST_RETRIES || !error.retryable;
    if (this.#via === 'http') {
      // A request without an answer was already repeated.
      if (isOver || !hasAudio) throw error;
    } else if (isOver || (this.#samples === 0 && !this.#socket.wasOpened)) {
      logger.warn('the narration goes over HTTP, the socket is not to be had', { code: error.code, cause: error.message });
      this.#via = 'http';
      this.#retries = 0;
      this.#notify({ type: 'fallback', to: 'http' });
      return;
    } else {
      this.#isReconnecting = true;
      logger.debug('the socket of a narration was lost', { code: error.code, cause: error.message });
    }
    await wait(Math.max(backoffMs(this.#retries, random), error.retryAfterMs ?? 0), this.signal);
    this.#retries += 1;
  }

  /** Takes a socket, and opens the next one when it is open, so that a lost connection is replaced without a handshake. */
  #connect(): NarrationSocket {
    const { sockets, url } = this.options;
    const socket = sockets.take(url);
    socket.opened.then(
      () => sockets.prepare(url),
      () => undefined,
    );
    return socket;
  }

  readonly #notify: NonNullable<NarrationOptions['onNotice']> = (notice) => this.options.voice.onNotice?.(notice);
}
