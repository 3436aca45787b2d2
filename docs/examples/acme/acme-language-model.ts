import {
  boundedFetch,
  type LanguageModel,
  type LlmEvent,
  type LlmFinishReason,
  type LlmRequest,
  type LlmToolCall,
  ProviderError,
  type ProviderErrorCode,
  type ProviderInfo,
  Watchdog,
} from '@parley/providers';

export interface AcmeLanguageModelOptions {
  apiKey: string;
  /** Ends without a slash. */
  baseUrl: string;
  model: string;
  /** Bound of a reply where the request names none, in tokens. */
  maxTokens: number;
  simulated: boolean;
  /** Bound of every wait for the vendor, default 4 000. */
  stallTimeoutMs?: number;
}

/** A line of Acme's answer: a piece of the reply, a call for a tool, or why it ends. */
type AcmeLine = { text: string } | { call: LlmToolCall } | { end: LlmFinishReason };

const NAME = 'acme';
const BY_STATUS: ReadonlyMap<number, ProviderErrorCode> = new Map<number, ProviderErrorCode>([
  [401, 'auth'],
  [402, 'quota'],
  [404, 'model_not_found'],
  [429, 'rate_limited'],
]);
/** Whatever the vendor sends, no more than this is read of it. */
const BOUNDS = { mostBytes: 8 * 1024 * 1024 };

/** Acme's language model: one request for each reply, which is streamed as lines of JSON. Holds nothing open between replies. */
export class AcmeLanguageModel implements LanguageModel {
  readonly info: ProviderInfo;
  readonly #url: URL;
  readonly #fetch = boundedFetch(NAME, BOUNDS);

  /** Throws when `baseUrl` is no address. */
  constructor(private readonly options: AcmeLanguageModelOptions) {
    this.info = { name: NAME, simulated: options.simulated };
    this.#url = new URL(`${options.baseUrl}/v1/reply`);
  }

  async *generate(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    if (signal.aborted) return;
    // Both an abort and a vendor that keeps us waiting end the request.
    const late = new AbortController();
    const watchdog = new Watchdog(() => late.abort());
    const either = AbortSignal.any([signal, late.signal]);
    try {
      yield* this.#reply(request, either, watchdog);
    } catch (error) {
      if (signal.aborted) return;
      throw late.signal.aborted ? new ProviderError(NAME, 'timeout', 'acme did not answer in time') : asProviderError(error);
    } finally {
      watchdog.disarm();
      late.abort();
    }
  }

  /** Nothing is gained: Acme is asked over plain HTTP. */
  async warm(): Promise<void> {
    return undefined;
  }

  async *#reply({ messages, maxTokens, tools }: LlmRequest, signal: AbortSignal, watchdog: Watchdog): AsyncGenerator<LlmEvent> {
    const { apiKey, model, stallTimeoutMs = 4_000 } = this.options;
    watchdog.arm(stallTimeoutMs);
    const response = await this.#fetch(this.#url, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages, max_tokens: maxTokens ?? this.options.maxTokens, tools }),
      signal,
    });
    if (!response.ok || response.body === null) throw refused(response.status);
    let rest = '';
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${piece}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.map(parseLine)) {
        // The time that the reader takes over a piece is not the vendor's.
        watchdog.disarm();
        if ('end' in line) return yield { type: 'end', finishReason: line.end };
        yield 'call' in line ? { type: 'tool_call', ...line.call } : { type: 'text', text: line.text };
        if (signal.aborted) return;
        watchdog.arm(stallTimeoutMs);
      }
    }
    throw new ProviderError(NAME, 'connection_lost', 'acme ended the reply before it was whole');
  }
}

const refused = (status: number): ProviderError =>
  new ProviderError(
    NAME,
    BY_STATUS.get(status) ?? (status >= 500 ? 'unavailable' : 'invalid_request'),
    `acme refused the request (${status})`,
  );

const FINISH_REASONS: readonly unknown[] = ['stop', 'length', 'content_filter', 'tool_calls'] satisfies LlmFinishReason[];

const isFinishReason = (value: unknown): value is LlmFinishReason => FINISH_REASONS.includes(value);

/** A call is passed on only if its arguments are JSON; that is what the port promises. */
function isCall(value: unknown): value is LlmToolCall {
  if (typeof value !== 'object' || value === null || !('id' in value && 'name' in value && 'arguments' in value)) return false;
  const { id, name, arguments: text } = value;
  return typeof id === 'string' && typeof name === 'string' && typeof text === 'string' && JSON.parse(text) !== undefined;
}

function parseLine(text: string): AcmeLine {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line === 'object' && line !== null) {
      if ('text' in line && typeof line.text === 'string' && line.text !== '') return { text: line.text };
      if ('call' in line && isCall(line.call)) return { call: line.call };
      if ('end' in line && isFinishReason(line.end)) return { end: line.end };
    }
  } catch {
    // Told below, without what was sent: it may be what a user said.
  }
  throw new ProviderError(NAME, 'bad_response', 'acme sent something that is not its protocol');
}

/** A failure of the connection is told by fetch and by the body's stream, each in its own way. */
const asProviderError = (error: unknown): ProviderError =>
  error instanceof ProviderError ? error : new ProviderError(NAME, 'connection_lost', 'the connection to acme was lost', { cause: error });
