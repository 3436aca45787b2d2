import { estimateTokens } from '@parley/conversation';
import type { LlmStream, PipelinePorts } from '@parley/engine';
import type { LlmEvent } from '@parley/providers';
import { type ConversationObservation, epochMs, type ModelUse } from '../../telemetry/observed-conversation';

type Model = PipelinePorts['llm'];
type Watch = Pick<ConversationObservation, 'modelAsked' | 'modelEnded'>;

/** The language model of a conversation, each request of which is reported: how long it took and what it used. */
export const watchedModel = (model: Pick<LlmStream, keyof Model>, watch: Watch): Model => ({
  open: (signal) => model.open(signal),
  stayWarm: () => model.stayWarm(),
  generate: (request, signal) => new WatchedReply(model.generate(request, signal), request, watch),
});

/** Passes a reply on as it is. Not a generator, which would take several more steps for every token. */
class WatchedReply implements AsyncIterable<LlmEvent>, AsyncIterator<LlmEvent, undefined> {
  private readonly events: AsyncIterator<LlmEvent>;
  private readonly use: ModelUse;
  private text = '';

  constructor(
    events: AsyncIterable<LlmEvent>,
    request: Parameters<Model['generate']>[0],
    private readonly watch: Watch,
  ) {
    this.events = events[Symbol.asyncIterator]();
    this.use = {
      requestedAtMs: epochMs(),
      firstChunkAtMs: undefined,
      endedAtMs: undefined,
      result: undefined,
      finishReason: undefined,
      inputTokens: request.messages.reduce((sum, { content }) => sum + estimateTokens(content), 0),
      outputTokens: 0,
      isEstimated: true,
    };
    watch.modelAsked(this.use);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<LlmEvent, undefined>> {
    return this.events.next().then(this.note, this.fail);
  }

  /** The reply is no longer wanted. */
  async return(): Promise<IteratorResult<LlmEvent, undefined>> {
    this.end('cancelled');
    await this.events.return?.();
    return { done: true, value: undefined };
  }

  private readonly note = (result: IteratorResult<LlmEvent, unknown>): IteratorResult<LlmEvent, undefined> => {
    if (result.done) {
      // A reply that is whole has said so. One without an end was aborted.
      this.end('cancelled');
      return { done: true, value: undefined };
    }
    const event = result.value;
    if (event.type !== 'end') this.use.firstChunkAtMs ??= epochMs();
    if (event.type === 'text') this.text += event.text;
    if (event.type === 'end') this.complete(event);
    return { done: false, value: event };
  };

  private readonly fail = (error: unknown): never => {
    this.end('failed');
    throw error;
  };

  private complete({ finishReason, usage }: Extract<LlmEvent, { type: 'end' }>): void {
    const { use } = this;
    use.finishReason = finishReason;
    if (usage) {
      use.inputTokens = usage.promptTokens;
      use.outputTokens = usage.completionTokens;
      use.isEstimated = false;
    }
    this.end('completed');
  }

  private end(result: NonNullable<ModelUse['result']>): void {
    const { use } = this;
    if (use.result !== undefined) return;
    use.result = result;
    use.endedAtMs = epochMs();
    if (use.isEstimated) use.outputTokens = estimateTokens(this.text);
    this.watch.modelEnded(use);
  }
}
