import { Inject, Injectable } from '@nestjs/common';
import type { Stage } from '@parley/conversation';
import { Counter, Registry } from 'prom-client';
import type { ModelUse } from './observed-conversation';

/** A request to a vendor that has failed. */
export interface VendorFailure {
  /** Name of the provider, of which there are as many as are configured. */
  provider: string;
  /** What went wrong, as a `ProviderErrorCode`. */
  code: string;
  /** Whether the same provider is asked once more. */
  isRetried: boolean;
}

/** What the vendors did and what is paid for, for `/metrics`. */
@Injectable()
export class VendorMetrics {
  private readonly errors: Counter<'stage' | 'provider' | 'code'>;
  private readonly retries: Counter<'stage' | 'provider' | 'code'>;
  private readonly requests: Counter<'result'>;
  private readonly tokens: Counter<'direction' | 'source'>;
  private readonly characters: Counter;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    const labelNames = ['stage', 'provider', 'code'] as const;
    this.errors = new Counter({
      name: 'parley_vendor_errors_total',
      help: 'Requests to a vendor that failed, also those that a retry or another provider made good.',
      labelNames,
      registers,
    });
    this.retries = new Counter({
      name: 'parley_vendor_retries_total',
      help: 'Requests to a vendor that were made once more after they had failed, by the reason of the failure.',
      labelNames,
      registers,
    });
    this.requests = new Counter({
      name: 'parley_model_requests_total',
      help: 'Requests to the language model; cancelled: the reply was no longer wanted.',
      labelNames: ['result'],
      registers,
    });
    this.tokens = new Counter({
      name: 'parley_model_tokens_total',
      help: 'Tokens that the language model read (input) and wrote (output); source: as the vendor reported them, or estimated from the text.',
      labelNames: ['direction', 'source'],
      registers,
    });
    this.characters = new Counter({
      name: 'parley_spoken_characters_total',
      help: 'Characters that conversations gave to the voice, also those of answers that were stopped.',
      registers,
    });
    for (const result of ['completed', 'cancelled', 'failed'] as const) this.requests.inc({ result }, 0);
    for (const direction of ['input', 'output']) for (const source of ['reported', 'estimated']) this.tokens.inc({ direction, source }, 0);
  }

  countFailure(stage: Stage, { provider, code, isRetried }: VendorFailure): void {
    this.errors.inc({ stage, provider, code });
    if (isRetried) this.retries.inc({ stage, provider, code });
  }

  countModelUse({ result = 'cancelled', inputTokens, outputTokens, isEstimated }: ModelUse): void {
    const source = isEstimated ? 'estimated' : 'reported';
    this.requests.inc({ result });
    this.tokens.inc({ direction: 'input', source }, inputTokens);
    this.tokens.inc({ direction: 'output', source }, outputTokens);
  }

  countSpoken(characters: number): void {
    this.characters.inc(characters);
  }
}
