import {
  AsyncQueue,
  type LanguageModel,
  type LlmEvent,
  type LlmFinishReason,
  type LlmRequest,
  type LlmToolCall,
  type LlmUsage,
  type ProviderErrorCode,
  type ProviderInfo,
} from '@parley/providers';
import { SYSTEM_CLOCK, sleep, type Clock } from './clock';
import { FAKE_INFO, fakeFailure, type FakeOutcome } from './fake-failure';

/** One reply, token by token. Times are in ms on the clock; the default 0 takes one microtask each. */
export interface FakeReplyScript {
  tokens: readonly string[];
  firstTokenMs?: number;
  gapMs?: number;
  /** After the tokens. */
  toolCalls?: readonly LlmToolCall[];
  /** Default `stop`, or `tool_calls` if there are any. */
  finishReason?: LlmFinishReason;
  usage?: LlmUsage;
  failure?: { code: ProviderErrorCode; afterTokens: number };
  /** Nothing comes after this many tokens, not even the end. */
  stallAfterTokens?: number;
}

export interface FakeLanguageModelOptions {
  info?: ProviderInfo;
  clock?: Clock;
  /** The script of the nth reply (from 0); `manual` leaves it to the test. Default: "Hello there." in two tokens. */
  script?: (request: LlmRequest, index: number) => FakeReplyScript | 'manual';
}

const DEFAULT_REPLY: FakeReplyScript = { tokens: ['Hello', ' there.'] };

/** A language model that answers as scripted and records its requests. */
export class FakeLanguageModel implements LanguageModel {
  readonly info: ProviderInfo;
  /** In the order in which they were begun: a reply begins when its first event is asked for. */
  readonly replies: FakeReply[] = [];
  readonly warmSignals: AbortSignal[] = [];

  constructor(private readonly options: FakeLanguageModelOptions = {}) {
    this.info = options.info ?? FAKE_INFO;
  }

  /** The number of replies that have not ended. */
  get openReplies(): number {
    return this.replies.filter(({ outcome }) => outcome === 'open').length;
  }

  async *generate(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmEvent, void> {
    if (signal.aborted) return;
    const script = this.options.script ? this.options.script(request, this.replies.length) : DEFAULT_REPLY;
    const reply = new FakeReply(request, signal, script, this.info, this.options.clock ?? SYSTEM_CLOCK);
    this.replies.push(reply);
    try {
      for await (const event of reply.events) {
        yield event;
        if (signal.aborted) return;
      }
    } finally {
      reply.cancel();
    }
  }

  warm(signal: AbortSignal): Promise<void> {
    this.warmSignals.push(signal);
    return Promise.resolve();
  }
}

/** One reply; the tokens of a `manual` one come from the test. */
export class FakeReply {
  readonly #events = new AsyncQueue<LlmEvent>();
  readonly #stop = new AbortController();
  readonly #onAbort = () => this.cancel();
  #outcome: FakeOutcome = 'open';
  #tokens = 0;
  #hasCalled = false;

  constructor(
    readonly request: LlmRequest,
    readonly signal: AbortSignal,
    script: FakeReplyScript | 'manual',
    private readonly info: ProviderInfo,
    private readonly clock: Clock,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (script !== 'manual') void this.#play(script);
  }

  /** For the fake model. */
  get events(): AsyncIterable<LlmEvent> {
    return this.#events;
  }

  get outcome(): FakeOutcome {
    return this.#outcome;
  }

  /** The number of tokens so far. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Yields a token now. */
  token(text: string): void {
    if (this.#outcome !== 'open') return;
    this.#tokens += 1;
    this.#events.push({ type: 'text', text });
  }

  /** Yields a tool call now. */
  toolCall(call: LlmToolCall): void {
    if (this.#outcome !== 'open') return;
    this.#hasCalled = true;
    this.#events.push({ type: 'tool_call', ...call });
  }

  /** Ends the reply now. */
  finish(finishReason: LlmFinishReason = this.#hasCalled ? 'tool_calls' : 'stop', usage?: LlmUsage): void {
    if (this.#outcome !== 'open') return;
    this.#events.push({ type: 'end', finishReason, ...(usage ? { usage } : {}) });
    this.#events.end();
    this.#settle('finished');
  }

  /** Fails now. */
  fail(code: ProviderErrorCode): void {
    if (this.#outcome !== 'open') return;
    this.#events.fail(fakeFailure(this.info, code));
    this.#settle('failed');
  }

  /** Called on an abort and when the consumer leaves the loop. */
  cancel(): void {
    this.#events.discard();
    if (this.#outcome === 'open') this.#settle('cancelled');
  }

  async #play(script: FakeReplyScript): Promise<void> {
    const { tokens, firstTokenMs = 0, gapMs = 0, toolCalls = [], failure, stallAfterTokens } = script;
    for (let said = 0; ; said += 1) {
      if (said === stallAfterTokens) return;
      if (!(await sleep(this.clock, said === 0 ? firstTokenMs : gapMs, this.#stop.signal))) return;
      if (said === failure?.afterTokens) return this.fail(failure.code);
      const token = tokens[said];
      if (token === undefined) break;
      this.token(token);
    }
    for (const call of toolCalls) this.toolCall(call);
    this.finish(script.finishReason, script.usage);
  }

  #settle(outcome: FakeOutcome): void {
    this.#outcome = outcome;
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort();
  }
}
