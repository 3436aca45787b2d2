import { TokenBucket } from './token-bucket';

/** Audio: a minute at once, four times real time in the long run. */
const AUDIO_BURST_MS = 60_000;
const AUDIO_MS_PER_SECOND = 4_000;
/** JSON messages other than audio. */
const MESSAGE_BURST = 100;
const MESSAGES_PER_SECOND = 30;
/** The client is told of a refusal at most this often. */
const NOTICE_EVERY_MS = 1_000;
/** Refusals in a row of notices after which the client is sent away. */
const NOTICES_UNTIL_CLOSE = 10;

export type RateVerdict = 'ok' | 'refused' | 'refused_with_notice' | 'persistent';

/** What one client may send. A refused message is dropped; who keeps it up is disconnected. */
export class RateLimit {
  private readonly audio: TokenBucket;
  private readonly messages: TokenBucket;
  private noticedAtMs = -Infinity;
  private notices = 0;

  constructor(private readonly now: () => number) {
    this.audio = new TokenBucket(AUDIO_BURST_MS, AUDIO_MS_PER_SECOND, now);
    this.messages = new TokenBucket(MESSAGE_BURST, MESSAGES_PER_SECOND, now);
  }

  audioOf(durationMs: number): RateVerdict {
    return this.judge(this.audio.take(durationMs));
  }

  message(): RateVerdict {
    return this.judge(this.messages.take(1));
  }

  private judge(allowed: boolean): RateVerdict {
    if (allowed) return 'ok';
    const sinceNoticeMs = this.now() - this.noticedAtMs;
    if (sinceNoticeMs < NOTICE_EVERY_MS) return 'refused';
    this.notices = sinceNoticeMs < 2 * NOTICE_EVERY_MS ? this.notices + 1 : 1;
    this.noticedAtMs = this.now();
    return this.notices >= NOTICES_UNTIL_CLOSE ? 'persistent' : 'refused_with_notice';
  }
}
