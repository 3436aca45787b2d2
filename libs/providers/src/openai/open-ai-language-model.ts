import OpenAI from 'openai';
import type { LanguageModel, LlmEvent, LlmRequest, LlmUsage } from '../ports/language-model';
import { ProviderError } from '../ports/provider-error';
import type { ProviderInfo } from '../ports/provider-info';
import { SILENT_LOGGER, type ProviderLogger } from '../ports/provider-logger';
import { boundedFetch } from '../socket/bounded-fetch';
import { assertUsableEndpoint } from '../socket/usable-endpoint';
import { PatientWatchdog } from '../shared/patient-watchdog';
import { finishReason, readChatChunk } from './chat-chunk';
import { chatEvents } from './chat-events';
import { chatRequest, isVendorHost, sentRequest } from './chat-request';
import { openAiError } from './open-ai-errors';
import { ReplyContent } from './reply-content';
import { learnFrom, type ServerDialect } from './server-dialect';
import { ServerTraits } from './server-traits';

export interface OpenAiLanguageModelOptions {
  /** The API key, or any string if the server requires none. */
  apiKey: string;
  /** The address of the API, which ends in `/v1`. */
  baseURL: string;
  /** The models in order of preference, at least one. A model that the vendor no longer serves is replaced by the next one permanently. */
  models: readonly string[];
  /** True when `baseURL` is the built-in simulator. */
  simulated: boolean;
  /** The name for `ProviderInfo.name`, default `openai`. */
  name?: string;
  /** Limit from the request to the first token in milliseconds, default 4 000. A model that has to be loaded first needs more. */
  firstTokenTimeoutMs?: number;
  /** Limit between two tokens in milliseconds, default 5 000. */
  idleTimeoutMs?: number;
  /** Limit of all waiting for the tokens of a reply together in milliseconds, default 180 000: enough for a slow model on this machine. */
  patienceMs?: number;
  /** Limit of a reply in tokens if the request has none. */
  maxTokens?: number;
  /** Sampling temperature. If it is left out, the vendor's default applies. It is never sent to models that refuse it. */
  temperature?: number;
  logger?: ProviderLogger;
}

const WARM_TIMEOUT_MS = 4_000;
/** An idle connection is kept open for about four seconds, so one that was used within the last three needs no warming. */
const STAYS_WARM_MS = 3_000;
/** No language needs this many characters for a token. This limit stops a server that ignores the token limit. */
const MOST_CHARACTERS_PER_TOKEN = 16;
/** The limit of a reply in tokens if neither the request nor the options have one. */
const DEFAULT_MAX_TOKENS = 4_096;
/** Limits of an answer. An event of a reply usually has a few hundred bytes; a whole reply in one event has a few hundred thousand. */
const MOST_OF_AN_ANSWER = { mostBytes: 8 * 1024 * 1024, mostLineBytes: 1024 * 1024 };
/** After the finish reason only the token usage is missing, which is not worth a longer wait. */
const USAGE_GRACE_MS = 500;

/**
 * Streams chat completions from OpenAI or from a compatible server (Ollama, vLLM, llama.cpp, LM Studio). If a server refuses an optional
 * part of the request, the request is repeated without that part, which is then left out for good. Between replies only idle connections
 * stay open.
 */
export class OpenAiLanguageModel implements LanguageModel {
  readonly info: ProviderInfo;
  readonly #client: OpenAI;
  readonly #isVendorHost: boolean;
  readonly #firstTokenTimeoutMs: number;
  readonly #logger: ProviderLogger;
  readonly #traits: ServerTraits;
  #modelIndex = 0;
  #usedAtMs = Number.NEGATIVE_INFINITY;

  /** Throws if the options can never work. */
  constructor(private readonly options: OpenAiLanguageModelOptions) {
    const { apiKey, baseURL, models, simulated, name = 'openai', firstTokenTimeoutMs = 4_000, logger = SILENT_LOGGER } = options;
    assertUsableEndpoint(baseURL, apiKey);
    if (models.length === 0) throw new Error('at least one model is needed');
    this.info = { name, simulated };
    this.#isVendorHost = isVendorHost(baseURL);
    this.#firstTokenTimeoutMs = firstTokenTimeoutMs;
    this.#logger = logger;
    this.#traits = new ServerTraits(logger);
    this.#client = new OpenAI({
      apiKey,
      baseURL,
      maxRetries: 0,
      logLevel: 'off',
      organization: null,
      project: null,
      fetch: boundedFetch(name, MOST_OF_AN_ANSWER),
    });
  }

  /** The model that replies at present. */
  get model(): string {
    return this.options.models[this.#modelIndex] ?? '';
  }

  async *generate(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    let dialect: ServerDialect | undefined;
    while (!signal.aborted) {
      const modelIndex = this.#modelIndex;
      try {
        dialect = yield* this.#reply(this.model, request, dialect ?? this.#traits.dialect, signal);
        if (!dialect) return;
      } catch (error) {
        if (!this.#movesOn(error, modelIndex)) throw error;
      }
    }
  }

  /** Opens a connection. Repeated calls cost little, because a recently used connection needs no warming. */
  async warm(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#usedAtMs < STAYS_WARM_MS) return;
    this.#usedAtMs = performance.now();
    try {
      await this.#client.models.list({ signal: AbortSignal.any([signal, AbortSignal.timeout(WARM_TIMEOUT_MS)]), timeout: WARM_TIMEOUT_MS });
    } catch {
      // The error is ignored here, because the next request reports what is wrong.
    }
    this.#usedAtMs = performance.now();
  }

  /**
   * Returns true if the model does not exist and there is another one to ask. A missing model is refused before the first token, so nothing
   * has been said yet.
   */
  #movesOn(error: unknown, modelIndex: number): boolean {
    if (!(error instanceof ProviderError) || error.code !== 'model_not_found') return false;
    if (modelIndex + 1 >= this.options.models.length) return false;
    this.#modelIndex = Math.max(this.#modelIndex, modelIndex + 1);
    this.#logger.warn('language model not found, using the next one', { missing: this.options.models[modelIndex], model: this.model });
    return true;
  }

  /**
   * Sends one request and yields its reply. If the server refused a part of the request before it replied, returns the dialect with which
   * to ask again.
   */
  async *#reply(
    model: string,
    request: LlmRequest,
    dialect: ServerDialect,
    signal: AbortSignal,
  ): AsyncGenerator<LlmEvent, ServerDialect | undefined> {
    const { idleTimeoutMs = 5_000, patienceMs = 180_000, maxTokens, temperature } = this.options;
    const call = new AbortController();
    const cancel = () => call.abort();
    let stalled: ProviderError | undefined;
    const watchdog = new PatientWatchdog(() => {
      stalled = new ProviderError(this.info.name, 'timeout', `${this.info.name} sent no token in time`);
      call.abort();
    }, patienceMs);
    signal.addEventListener('abort', cancel, { once: true });
    watchdog.arm(this.#firstTokenTimeoutMs);
    const body = chatRequest(model, request, { maxTokens, temperature, isVendorHost: this.#isVendorHost }, dialect);
    const reply = new ReplyContent({
      startsInThought: this.#traits.startsInThought(model),
      takesToolCalls: 'tools' in body,
      mostCharacters: (request.maxTokens ?? maxTokens ?? DEFAULT_MAX_TOKENS) * MOST_CHARACTERS_PER_TOKEN,
    });
    let isChat = false;
    let finish: string | undefined;
    let usage: LlmUsage | undefined;
    try {
      const options = { signal: call.signal, timeout: this.#firstTokenTimeoutMs + 1_000 };
      const response = await this.#client.chat.completions.create(body, options).asResponse();
      if (response.headers.get('content-type')?.includes('text/html')) throw this.#badResponse();
      for await (const event of chatEvents(response)) {
        if (event === 'done') {
          finish ??= 'stop';
          break;
        }
        const chunk = readChatChunk(event);
        isChat ||= chunk.isChat;
        usage = chunk.usage ?? usage;
        finish = chunk.finish ?? finish;
        const isFirst = !reply.hasBegun;
        const text = reply.push(chunk);
        if (text !== undefined) {
          if (isFirst) this.#traits.answered(dialect);
          // The time that a slow consumer takes does not count as silence of the vendor.
          watchdog.disarm();
          if (text !== '') yield { type: 'text', text };
          if (signal.aborted) return undefined;
          finish ??= reply.cut;
          if (reply.cut) break;
        }
        if (finish !== undefined) watchdog.arm(USAGE_GRACE_MS);
        else if (text !== undefined || chunk.isReasoning) watchdog.arm(idleTimeoutMs);
      }
    } catch (error) {
      const isDecided = reply.hasBegun || finish !== undefined || stalled !== undefined || signal.aborted;
      const next = isDecided ? undefined : learnFrom(error, sentRequest(body), dialect);
      if (next) return next;
      // A failure after the finish reason loses nothing of the reply.
      if (!signal.aborted && finish === undefined) throw stalled ?? openAiError(error, this.info.name);
    } finally {
      watchdog.disarm();
      signal.removeEventListener('abort', cancel);
      call.abort();
      this.#usedAtMs = performance.now();
    }
    if (signal.aborted) return undefined;
    if (stalled && finish === undefined) throw stalled;
    if (!isChat) throw this.#badResponse();
    if (finish !== undefined) this.#traits.finished();
    else if (reply.hasBegun && this.#traits.endedOpen()) finish = 'stop';
    else throw this.#lost('ended the reply without a finish reason');
    const reason = finishReason(finish, reply.hasToolCalls);
    if (!reason) throw this.#lost('gave the reply up');
    const toolCalls = reply.toolCalls(reason !== 'tool_calls');
    if (!toolCalls) throw this.#badResponse('a tool call that is not complete');
    const rest = reply.endText();
    if (rest !== '') yield { type: 'text', text: rest };
    if (signal.aborted) return undefined;
    this.#traits.thought(model, reply.endedUnopened);
    for (const toolCall of toolCalls) {
      yield { type: 'tool_call', ...toolCall };
      if (signal.aborted) return undefined;
    }
    yield { type: 'end', finishReason: reason, ...(usage ? { usage } : {}) };
    return undefined;
  }

  #badResponse(what = 'something that is not a chat stream'): ProviderError {
    return new ProviderError(this.info.name, 'bad_response', `${this.info.name} sent ${what}`);
  }

  #lost(what: string): ProviderError {
    return new ProviderError(this.info.name, 'connection_lost', `${this.info.name} ${what}`);
  }
}
