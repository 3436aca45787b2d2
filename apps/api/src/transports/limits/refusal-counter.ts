import { Inject, Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { REFUSAL_REASONS, type RefusalReason } from './refusal';

/** Counts what clients were refused. */
@Injectable()
export class RefusalCounter {
  private readonly counter: Counter<'reason'>;

  constructor(@Inject(Registry) registry: Registry) {
    this.counter = new Counter({
      name: 'parley_refusals_total',
      help: 'What clients were refused, or cut off from, by the limit that was reached.',
      labelNames: ['reason'],
      registers: [registry],
    });
    // A rate can only be computed for a series that begins at zero.
    for (const reason of REFUSAL_REASONS) this.counter.inc({ reason }, 0);
  }

  count(reason: RefusalReason): void {
    this.counter.inc({ reason });
  }
}
