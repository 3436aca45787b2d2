import { Inject, Injectable } from '@nestjs/common';
import { StartCounter } from './address/start-counter';
import { LoadMonitor } from './load/load-monitor';
import type { StartRefusal } from './refusal';
import { RefusalCounter } from './refusal-counter';

/** When a client comes back to a busy server: by then the load was measured anew several times. */
const BUSY_RETRY_MS = 5_000;

const BUSY: StartRefusal = {
  code: 'server_busy',
  message: 'The server has as much to do as it can just now. Please try again in a moment.',
  retryAfterMs: BUSY_RETRY_MS,
};

/** Decides whether a conversation, a narration or an episode may begin, or a room be joined. What runs already goes on in any case. */
@Injectable()
export class StartAdmission {
  constructor(
    @Inject(LoadMonitor) private readonly load: Pick<LoadMonitor, 'admit'>,
    @Inject(StartCounter) private readonly starts: Pick<StartCounter, 'begin'>,
    @Inject(RefusalCounter) private readonly refusals: Pick<RefusalCounter, 'count'>,
  ) {}

  /** Resolves with why nothing may be begun from this address now; undefined if it may, which then counts as begun. Never rejects. */
  async judge(address: string): Promise<StartRefusal | undefined> {
    const retryAfterMs = await this.starts.begin(address);
    if (retryAfterMs !== undefined) {
      this.refusals.count('address_starts');
      return { code: 'rate_limited', message: 'Too much was begun from your address. Please try again in a minute.', retryAfterMs };
    }
    if (await this.load.admit()) return undefined;
    this.refusals.count('load');
    return BUSY;
  }
}
