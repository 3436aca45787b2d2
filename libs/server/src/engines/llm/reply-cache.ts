import type { LanguageModel, LlmEvent, LlmRequest, ProviderInfo } from '@parley/providers';

export interface ReplyCacheOptions {
  /** What the server tells its assistant. Conversations with another prompt are not served from the cache. */
  systemPrompt: string;
  /** How long a reply may be used, in ms. */
  ttlMs: number;
  /** Monotonic clock, in ms. */
  now: () => number;
  /** Told of each first question: whether its reply was there. */
  onAsked: (isHit: boolean) => void;
}

/** More replies are not kept: the one that has not been used for longest goes. */
const MOST_REPLIES = 1_000;
/** Longer ones are not kept. */
const MOST_CHARACTERS = 10_000;

interface Kept {
  text: string;
  untilMs: number;
}

/**
 * A language model that answers the first question of a conversation with the reply that it has given to the same question before. Nothing
 * that a user has said before is part of such a request, there are no tools, and the prompt is the server's own. A reply is kept only if
 * the model has ended it by itself. Shared by all conversations.
 */
export class CachingLanguageModel implements LanguageModel {
  /** In the order of their last use. */
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly model: LanguageModel,
    private readonly options: ReplyCacheOptions,
  ) {}

  get info(): ProviderInfo {
    return this.model.info;
  }

  generate(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    const question = this.firstQuestion(request);
    if (question === undefined) return this.model.generate(request, signal);
    const text = this.take(question);
    this.options.onAsked(text !== undefined);
    return text === undefined ? this.keeping(question, this.model.generate(request, signal)) : again(text);
  }

  warm(signal: AbortSignal): Promise<void> {
    return this.model.warm(signal);
  }

  private firstQuestion({ messages, tools }: LlmRequest): string | undefined {
    if (tools?.length) return undefined;
    const [first] = messages;
    const prompt = first?.role === 'system' ? first.content : '';
    const [question, ...others] = first?.role === 'system' ? messages.slice(1) : messages;
    if (prompt !== this.options.systemPrompt || question?.role !== 'user' || others.length > 0) return undefined;
    return normalised(question.content);
  }

  private take(question: string): string | undefined {
    const kept = this.kept.get(question);
    if (kept === undefined) return undefined;
    this.kept.delete(question);
    if (kept.untilMs <= this.options.now()) return undefined;
    this.kept.set(question, kept);
    return kept.text;
  }

  private async *keeping(question: string, reply: AsyncIterable<LlmEvent>): AsyncGenerator<LlmEvent, void> {
    let text = '';
    let hasCalled = false;
    for await (const event of reply) {
      if (event.type === 'text' && text.length <= MOST_CHARACTERS) text += event.text;
      hasCalled ||= event.type === 'tool_call';
      if (event.type === 'end' && event.finishReason === 'stop' && !hasCalled) this.keep(question, text);
      yield event;
    }
  }

  private keep(question: string, text: string): void {
    if (text.trim() === '' || text.length > MOST_CHARACTERS) return;
    this.kept.delete(question);
    const [oldest] = this.kept.keys();
    if (oldest !== undefined && this.kept.size >= MOST_REPLIES) this.kept.delete(oldest);
    this.kept.set(question, { text, untilMs: this.options.now() + this.options.ttlMs });
  }
}

async function* again(text: string): AsyncGenerator<LlmEvent, void> {
  yield await Promise.resolve({ type: 'text', text });
  yield { type: 'end', finishReason: 'stop' };
}

/** Without what a recogniser may write in one way or another: capitals, white space, and punctuation at the end. */
const normalised = (question: string): string =>
  question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/[\s.?!…]+$/u, '')
    .trim();
