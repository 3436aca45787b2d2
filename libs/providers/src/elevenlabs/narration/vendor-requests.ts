import { ProviderError, type ProviderErrorCode } from '../../ports/provider-error';
import { parseJsonObject } from '../../shared/json';
import { Watchdog } from '../../shared/watchdog';
import { boundedFetch } from '../../socket/bounded-fetch';
import { httpOrigin, httpUrl, type QueryParams } from '../../socket/socket-url';
import { ELEVEN_LABS, elevenLabsHttpError } from '../eleven-labs-errors';
import { backoffMs, MOST_RETRIES } from './backoff';
import { jsonLines } from './json-lines';
import { readTimedAudio, type TimedAudio } from './timed-audio';

export interface VendorRequestsOptions {
  apiKey: string;
  /** Origin: http, https, ws or wss. */
  baseUrl: string;
  /** Limit until the headers of an answer, and the time between two parts of a body, in milliseconds. */
  answerTimeoutMs: number;
  gapTimeoutMs: number;
  /** Waits before a retry. Resolves early when the signal aborts. */
  wait: (durationMs: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
}

export interface SpeechCall {
  path: string;
  query: QueryParams;
  body: object;
  /** Limit of the body of the answer in bytes. */
  mostBytes: number;
  /** Called with the headers of an answer before its audio. */
  onAnswer: (headers: Headers) => void;
}

/** Failures before the answer after which the same request may succeed. */
const RETRIED: ReadonlySet<ProviderErrorCode> = new Set(['rate_limited', 'unavailable', 'timeout']);
/** A vendor that asks for a longer wait is not waited for. */
const LONGEST_WAIT_MS = 60_000;
const MOST_LIST_BYTES = 4 * 1024 * 1024;
const MOST_CHUNKS = 200_000;

/**
 * Requests to the vendor over HTTP. A request that was not answered, or was answered with 429 or 5xx, is sent again after 1, 2 and 4 s, or
 * when the vendor asks for. An answer that has begun is never requested again here. All failures are `ProviderError`s.
 */
export class VendorRequests {
  readonly #origin: string;

  constructor(private readonly options: VendorRequestsOptions) {
    this.#origin = httpOrigin(options.baseUrl);
  }

  /** Returns the JSON of a list. Somebody is waiting for it, so a failed request is not sent again. */
  async list(path: string, query: QueryParams, signal: AbortSignal): Promise<unknown> {
    return this.#json(path, { query, mostBytes: MOST_LIST_BYTES, retries: 0 }, signal);
  }

  /** Posts JSON and returns the JSON of the answer. */
  async post(path: string, body: object, signal: AbortSignal): Promise<unknown> {
    return this.#json(path, { query: {}, mostBytes: MOST_LIST_BYTES, body }, signal);
  }

  /**
   * Yields the audio of one answer as it arrives. Fails if the body breaks off, stalls or is not the vendor's format. The request is
   * cancelled when the generator ends early.
   */
  async *speech(call: SpeechCall, signal: AbortSignal): AsyncGenerator<TimedAudio, void> {
    const opened = await this.#open(call.path, call, signal);
    const silence = new Watchdog(() => opened.cancel('sent no further audio in time'));
    let hasAudio = false;
    try {
      const { body } = opened.response;
      call.onAnswer(opened.response.headers);
      silence.arm(this.options.gapTimeoutMs);
      for await (const object of body ? jsonLines(body) : []) {
        // The time that a slow consumer takes does not count as silence of the vendor.
        silence.disarm();
        const audio = object && readTimedAudio(object);
        if (!audio) throw unreadable();
        hasAudio ||= audio.bytes.length > 0;
        yield audio;
        silence.arm(this.options.gapTimeoutMs);
      }
    } catch (error) {
      throw opened.stopped ?? elevenLabsHttpError(error);
    } finally {
      silence.disarm();
      opened.release();
    }
    if (!hasAudio) throw new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs answered without audio');
  }

  async #json(path: string, call: RequestShape, signal: AbortSignal): Promise<unknown> {
    const opened = await this.#open(path, call, signal);
    const silence = new Watchdog(() => opened.cancel('did not finish its answer in time'));
    silence.arm(this.options.answerTimeoutMs);
    try {
      return JSON.parse(await opened.response.text()) as unknown;
    } catch (error) {
      throw opened.stopped ?? (error instanceof SyntaxError ? unreadable() : elevenLabsHttpError(error));
    } finally {
      silence.disarm();
      opened.release();
    }
  }

  async #open(path: string, call: RequestShape, signal: AbortSignal): Promise<OpenAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#send(path, call, signal);
      } catch (thrown) {
        const error = elevenLabsHttpError(thrown);
        const waitMs = Math.max(backoffMs(attempt, this.options.random), error.retryAfterMs ?? 0);
        if (signal.aborted || attempt >= (call.retries ?? MOST_RETRIES) || !RETRIED.has(error.code) || waitMs > LONGEST_WAIT_MS)
          throw error;
        await this.options.wait(waitMs, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  async #send(path: string, { query, body, mostBytes }: RequestShape, signal: AbortSignal): Promise<OpenAnswer> {
    const call = new AbortController();
    const answer = new OpenAnswer(call, signal);
    const late = new Watchdog(() => answer.cancel('did not answer in time'));
    late.arm(this.options.answerTimeoutMs);
    try {
      const fetcher = boundedFetch(ELEVEN_LABS, { mostBytes, mostChunks: MOST_CHUNKS });
      const url = httpUrl(this.#origin, path, query);
      const response = await fetcher(url, {
        method: body ? 'POST' : 'GET',
        headers: { 'xi-api-key': this.options.apiKey, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: call.signal,
      });
      if (!response.ok) {
        const text = await response.text().catch(() => '');
        throw elevenLabsHttpError({ statusCode: response.status, body: parseJsonObject(text), rawResponse: response });
      }
      return answer.with(response);
    } catch (error) {
      answer.release();
      if (error instanceof ProviderError) throw error;
      throw answer.stopped ?? new ProviderError(ELEVEN_LABS, 'unavailable', 'elevenlabs cannot be reached', { cause: error });
    } finally {
      late.disarm();
    }
  }
}

interface RequestShape {
  query: QueryParams;
  body?: object;
  mostBytes: number;
  retries?: number;
}

/** An answer whose body is being read, and the means to end it. */
class OpenAnswer {
  stopped: ProviderError | undefined;
  #response: Response | undefined;
  readonly #onAbort = () => this.call.abort();

  constructor(
    private readonly call: AbortController,
    private readonly signal: AbortSignal,
  ) {
    if (signal.aborted) call.abort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get response(): Response {
    if (!this.#response) throw new Error('there is no answer yet');
    return this.#response;
  }

  with(response: Response): this {
    this.#response = response;
    return this;
  }

  /** Ends the request because the vendor is too slow. */
  cancel(reason: string): void {
    this.stopped = new ProviderError(ELEVEN_LABS, 'timeout', `elevenlabs ${reason}`);
    this.call.abort();
  }

  /** Must be called on every way out. Ends the request if it is still running. */
  release(): void {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.call.abort();
  }
}

const unreadable = (): ProviderError =>
  new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs sent something that is not its protocol');
