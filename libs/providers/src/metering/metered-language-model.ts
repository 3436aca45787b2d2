import type { LanguageModel, LlmEvent, LlmRequest } from '../ports/language-model';
import type { ProviderInfo } from '../ports/provider-info';
import { refusedStream } from './refused-stream';

/**
 * A language model whose requests are counted by the meter that they carry. It belongs around the adapter of each vendor, below the
 * failover, so that retries and requests to other vendors count as well. Adds nothing to the stream of a reply.
 */
export class MeteredLanguageModel implements LanguageModel {
  constructor(private readonly model: LanguageModel) {}

  get info(): ProviderInfo {
    return this.model.info;
  }

  generate({ meter, ...request }: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    if (meter && !signal.aborted) {
      if (!meter.allows('model_requests')) return refusedStream(this.info.name);
      meter.spend('model_requests', 1);
    }
    return this.model.generate(request, signal);
  }

  warm(signal: AbortSignal): Promise<void> {
    return this.model.warm(signal);
  }
}
