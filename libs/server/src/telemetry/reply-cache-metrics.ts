import { Inject, Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** How often a first question had its reply in the reply cache. */
@Injectable()
export class ReplyCacheMetrics {
  private readonly requests: Counter<'result'>;

  constructor(@Inject(Registry) registry: Registry) {
    this.requests = new Counter({
      name: 'parley_reply_cache_requests_total',
      help: 'First questions, also those of drafts, by whether their reply was in the cache.',
      labelNames: ['result'],
      registers: [registry],
    });
    for (const result of ['hit', 'miss']) this.requests.inc({ result }, 0);
  }

  asked(isHit: boolean): void {
    this.requests.inc({ result: isHit ? 'hit' : 'miss' });
  }
}
