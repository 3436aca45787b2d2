import OpenAI from 'openai';
import type { LanguageModel, LlmEvent, LlmRequest, LlmUsage } from '../ports/language-model';
import { ProviderError } from '../ports/provider-error';
import type { ProviderInfo } from '../ports/provider-info';
import { SILENT_LOGGER, type ProviderLogger } from '../ports/provider-logger';
import { boundedFetch } from '../socket/bounded-fetch';
import { assertUsableEndpoint } from '../socket/usable-endpoint';
import { Watchdog } from '../shared/watchdog';
import { finishReason, readChatChunk } from './chat-chunk';
import { chatEvents } from './chat-events';
import { chatRequest, isVendorHost, sentRequest } from './chat-request';
import { openAiError } from './open-ai-errors';
import { ReplyText } from './reply-text';
import { learnFrom, type ServerDialect } from './server-dialect';
import { ServerTraits } from './server-traits';

export interface OpenAiLanguageModelOptions {
  /** Any string where the server asks for none. */
  apiKey: string;
  /** Ends in `/v1`. */
  baseURL: string;
  /** In order of preference; one the vendor no longer has is left for the next, for good. Not empty. */
  models: readonly string[];
  /** True when `baseURL` is the built-in simulator. */
  simulated: boolean;
  /** `ProviderInfo.name`, default `openai`. */
  name?: string;
  /** From the request to the first token, default 4 000. A model that has to be loaded first needs more. */
  firstTokenTimeoutMs?: number;
  /** Between two tokens, default 5 000. */
  idleTimeoutMs?: number;
  /** Bound of a reply where the request names none. */
  maxTokens?: number;
  /** Left out, the vendor's default; never sent to models that refuse it. */
  temperature?: number;
  logger?: ProviderLogger;
}

const WARM_TIMEOUT_MS = 4_000;
/** An idle connection is kept for about four seconds: one used within three needs no warming. */
const STAYS_WARM_MS = 3_000;
/** No language needs as many characters for a token: a server that does not keep to the bound is held to it by this. */
const MOST_CHARACTERS_PER_TOKEN = 16;
/** The bound of a reply where nobody names one. */
const DEFAULT_MAX_TOKENS = 4_096;
/** An event of a reply is some hundred bytes, a whole reply in one event some hundred thousand. */
const MOST_OF_AN_ANSWER = { mostBytes: 8 * 1024 * 1024, mostLineBytes: 1024 * 1024 };
/** After the finish reason only the usage is missing, which is worth no more than this. */
const USAGE_GRACE_MS = 500;

/**
 * Chat completions, streamed, at OpenAI or at anything that nearly speaks its protocol (Ollama, vLLM, llama.cpp, LM Studio). A server that
 * takes exception to a part of the request that can be done without is asked once more without it, from then on always. Holds nothing open
 * between replies but idle connections.
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

  /** Throws when the options cannot be used at all. */
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

  /** Cheap to call again and again: a connection used a moment ago is left alone. */
  async warm(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#usedAtMs < STAYS_WARM_MS) return;
    this.#usedAtMs = performance.now();
    try {
      await this.#client.models.list({ signal: AbortSignal.any([signal, AbortSignal.timeout(WARM_TIMEOUT_MS)]), timeout: WARM_TIMEOUT_MS });
    } catch {
      // The request that follows reports what is wrong.
    }
    this.#usedAtMs = performance.now();
  }

  /** True when the model is gone and there is another one to ask. It is refused before its first token, so nothing has been said yet. */
  #movesOn(error: unknown, modelIndex: number): boolean {
    if (!(error instanceof ProviderError) || error.code !== 'model_not_found') return false;
    if (modelIndex + 1 >= this.options.models.length) return false;
    this.#modelIndex = Math.max(this.#modelIndex, modelIndex + 1);
    this.#logger.warn('language model not found, using the next one', { missing: this.options.models[modelIndex], model: this.model });
    return true;
  }

  /** One request and its reply. Returns how to ask again when the server took exception to how it was asked, before it said anything. */
  async *#reply(
    model: string,
    request: LlmRequest,
    dialect: ServerDialect,
    signal: AbortSignal,
  ): AsyncGenerator<LlmEvent, ServerDialect | undefined> {
    const { idleTimeoutMs = 5_000, maxTokens, temperature } = this.options;
    const call = new AbortController();
    const cancel = () => call.abort();
    let stalled: ProviderError | undefined;
    const watchdog = new Watchdog(() => {
      stalled = new ProviderError(this.info.name, 'timeout', `${this.info.name} sent no token in time`);
      call.abort();
    });
    signal.addEventListener('abort', cancel, { once: true });
    watchdog.arm(this.#firstTokenTimeoutMs);
    const body = chatRequest(model, request, { maxTokens, temperature, isVendorHost: this.#isVendorHost }, dialect);
    const reply = new ReplyText(this.#traits.startsInThought(model));
    let leftCharacters = (request.maxTokens ?? maxTokens ?? DEFAULT_MAX_TOKENS) * MOST_CHARACTERS_PER_TOKEN;
    let isChat = false;
    let isWritten = false;
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
        const written = chunk.text !== '' || isWritten ? chunk.text : chunk.wholeText;
        if (written !== '') {
          if (!isWritten) this.#traits.answered(dialect);
          isWritten = true;
          const text = reply.push(written.slice(0, leftCharacters));
          // A consumer that takes its time is no stall of the vendor's.
          watchdog.disarm();
          if (text !== '') yield { type: 'text', text };
          if (signal.aborted) return undefined;
          leftCharacters -= written.length;
          if (leftCharacters <= 0 || reply.isOver) {
            finish ??= reply.isOver ? 'stop' : 'length';
            break;
          }
        }
        if (finish !== undefined) watchdog.arm(USAGE_GRACE_MS);
        else if (written !== '' || chunk.isReasoning) watchdog.arm(idleTimeoutMs);
      }
    } catch (error) {
      const isDecided = isWritten || finish !== undefined || stalled !== undefined || signal.aborted;
      const next = isDecided ? undefined : learnFrom(error, sentRequest(body), dialect);
      if (next) return next;
      // What goes wrong after the finish reason has lost nothing of the reply.
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
    else if (isWritten && this.#traits.endedOpen()) finish = 'stop';
    else throw this.#lost('ended the reply without a finish reason');
    const reason = finishReason(finish);
    if (!reason) throw this.#lost('gave the reply up');
    const rest = reply.end();
    if (rest !== '') yield { type: 'text', text: rest };
    if (signal.aborted) return undefined;
    this.#traits.thought(model, reply.endedUnopened);
    yield { type: 'end', finishReason: reason, ...(usage ? { usage } : {}) };
    return undefined;
  }

  #badResponse(): ProviderError {
    return new ProviderError(this.info.name, 'bad_response', `${this.info.name} sent something that is not a chat stream`);
  }

  #lost(what: string): ProviderError {
    return new ProviderError(this.info.name, 'connection_lost', `${this.info.name} ${what}`);
  }
}
