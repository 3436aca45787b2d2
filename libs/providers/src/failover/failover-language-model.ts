import type { LanguageModel, LlmEvent, LlmFinishReason, LlmRequest } from '../ports/language-model';
import { ProviderError } from '../ports/provider-error';
import type { ProviderInfo } from '../ports/provider-info';
import { Attempt } from './attempt';
import { AttemptPlan } from './attempt-plan';
import { Continuation } from './continuation';
import { type FailoverOptions, infoOf } from './failover-options';
import { pause } from '../shared/pause';

const GO_ON =
  'Your reply to the last message was broken off; it is given as far as the user has got it. Go on from exactly where it stops. Do not repeat or change any of it, and do not mention this.';

/**
 * A language model that consists of several. A reply that fails before its first word is requested again, first from the same model and
 * then from the next. A reply that breaks off later is continued: the next model gets the words so far, and only new text is passed on. If
 * a reply cannot be continued without repeating or contradicting those words, or if all models have failed, the error of the first model is
 * thrown. A reply that fails after a tool call is neither requested again nor continued, because the call may have been performed. Tool calls
 * that no tool was offered for are dropped.
 */
export class FailoverLanguageModel implements LanguageModel {
  readonly info: ProviderInfo;

  constructor(private readonly options: FailoverOptions<LanguageModel>) {
    this.info = infoOf(options);
  }

  async *generate(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmEvent, void> {
    const plan = new AttemptPlan(this.options);
    plan.restartClock();
    let said = '';
    let hasCalled = false;
    while (!signal.aborted) {
      try {
        for await (const event of tryOnce(plan, continued(request, said), said, signal)) {
          if (event.type === 'text') said += event.text;
          hasCalled ||= event.type === 'tool_call';
          yield event;
          plan.restartClock();
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ProviderError) || hasCalled) throw error;
        const waitMs = plan.failed(error);
        if (waitMs === undefined) throw plan.failure ?? error;
        await pause(waitMs, signal);
      }
    }
  }

  /** Warms only the model that is asked first. */
  async warm(signal: AbortSignal): Promise<void> {
    await new AttemptPlan(this.options).current.port.warm(signal);
  }
}

async function* tryOnce(
  plan: AttemptPlan<LanguageModel>,
  request: LlmRequest,
  said: string,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent, void> {
  const { port } = plan.current;
  const attempt = new Attempt(port.info.name, signal);
  const continuation = new Continuation(said);
  let hasContent = said.trim() !== '';
  attempt.arm(plan.allowanceMs);
  try {
    for await (const event of port.generate(request, attempt.signal)) {
      const text = event.type === 'text' ? continuation.push(event.text) : continuation.end();
      if (text === undefined) throw badResponse(port, 'did not go on with the reply but began another one');
      if (text !== '') {
        hasContent ||= text.trim() !== '';
        // The time that a slow consumer takes does not count as silence of the vendor.
        attempt.disarm();
        yield { type: 'text', text };
        if (signal.aborted) return;
        attempt.arm(plan.allowanceMs);
      }
      if (event.type === 'text') continue;
      if (event.type === 'tool_call') {
        if (!request.tools?.length) continue;
        hasContent = true;
        attempt.disarm();
        yield event;
        if (signal.aborted) return;
        attempt.arm(plan.allowanceMs);
        continue;
      }
      if (!hasContent) throw withoutWords(port, event.finishReason);
      plan.succeeded();
      attempt.disarm();
      yield event;
      return;
    }
  } catch (error) {
    throw attempt.timedOut ?? error;
  } finally {
    attempt.release();
  }
  if (attempt.timedOut) throw attempt.timedOut;
  if (!signal.aborted) throw new ProviderError(port.info.name, 'connection_lost', `${port.info.name} ended the reply before its end`);
}

/** Builds the request for the rest of a reply. The instruction is placed where every server accepts one. */
function continued(request: LlmRequest, said: string): LlmRequest {
  if (said.trim() === '') return request;
  const [first, ...others] = request.messages;
  const messages =
    first?.role === 'system'
      ? [{ ...first, content: `${first.content}\n\n${GO_ON}` }, ...others]
      : [{ role: 'system' as const, content: GO_ON }, ...request.messages];
  return { ...request, messages: [...messages, { role: 'assistant', content: said }] };
}

/**
 * The error for a reply with neither words nor tool calls. If a content filter removed everything, a retry of the same model would have the same result.
 */
const withoutWords = (port: LanguageModel, finishReason: LlmFinishReason): ProviderError =>
  finishReason === 'content_filter'
    ? new ProviderError(port.info.name, 'invalid_request', `${port.info.name} filtered the whole reply`)
    : badResponse(port, 'gave a reply without a word');

const badResponse = ({ info: { name } }: LanguageModel, what: string): ProviderError =>
  new ProviderError(name, 'bad_response', `${name} ${what}`, { retryable: false });
