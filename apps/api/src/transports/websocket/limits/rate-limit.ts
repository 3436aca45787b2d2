import { TokenBucket } from './token-bucket';

/**
 * Limit for the duration of audio: one minute at once, as after a stalled network, and no faster than real time in the long run. The clock of a
 * microphone may be a little faster than ours.
 */
const SPOKEN_BURST_MS = 60_000;
const SPOKEN_MS_PER_SECOND = 1_100;
/** Limit for what audio costs: short frames cost more than their duration. */
const AUDIO_BURST_MS = 60_000;
const AUDIO_MS_PER_SECOND = 4_000;
/** Limit for messages other than audio, and for control frames. */
const MESSAGE_BURST = 100;
const MESSAGES_PER_SECOND = 30;
/** Limit for bytes of text of any content: enough for the amount of audio above as WAV of 48 kHz in stereo and base64. */
const TEXT_BURST_BYTES = 24 * 1024 * 1024;
const TEXT_BYTES_PER_SECOND = 1024 * 1024;
/** Parsing one part of a JSON text takes as long as parsing this many bytes of a string. */
const BYTES_PER_PART = 64;
/** The client is told of a refusal at most this often. */
const NOTICE_EVERY_MS = 1_000;
/** Number of consecutive notices after which the client is disconnected. */
const NOTICES_UNTIL_CLOSE = 10;
/** Refused messages, and kilobytes of them, that are tolerated at once and per second. A client that exceeds this is disconnected at once. */
const PATIENCE = 5_000;
const PATIENCE_PER_SECOND = 500;

export type RateVerdict = 'ok' | 'refused' | 'refused_with_notice' | 'persistent';

/**
 * Limits what one client may send. Everything that arrives is checked here before any work is done for it. A refused message is dropped; a
 * client that keeps exceeding the limits is disconnected. `byteLength` is the size of the received message, which a refusal is weighted with.
 */
export class RateLimit {
  private readonly spoken: TokenBucket;
  private readonly audio: TokenBucket;
  private readonly messages: TokenBucket;
  private readonly textBytes: TokenBucket;
  private readonly patience: TokenBucket;
  private noticedAtMs = -Infinity;
  private notices = 0;

  constructor(private readonly now: () => number) {
    this.spoken = new TokenBucket(SPOKEN_BURST_MS, SPOKEN_MS_PER_SECOND, now);
    this.audio = new TokenBucket(AUDIO_BURST_MS, AUDIO_MS_PER_SECOND, now);
    this.messages = new TokenBucket(MESSAGE_BURST, MESSAGES_PER_SECOND, now);
    this.textBytes = new TokenBucket(TEXT_BURST_BYTES, TEXT_BYTES_PER_SECOND, now);
    this.patience = new TokenBucket(PATIENCE, PATIENCE_PER_SECOND, now);
  }

  /** Checks text before it is parsed, with the number of its parts (`countJsonParts`). Its content is checked separately afterwards. */
  text(byteLength: number, parts = 0): RateVerdict {
    return this.judge(this.textBytes.take(byteLength + parts * BYTES_PER_PART), byteLength);
  }

  /** `durationMs` is that of the audio; 0 for audio that cannot be used. */
  audioOf(costMs: number, byteLength = 0, durationMs = 0): RateVerdict {
    return this.judge(this.audio.take(costMs) && this.spoken.take(durationMs), byteLength);
  }

  message(byteLength = 0): RateVerdict {
    return this.judge(this.messages.take(1), byteLength);
  }

  private judge(allowed: boolean, byteLength: number): RateVerdict {
    if (allowed) return 'ok';
    if (!this.patience.take(1 + byteLength / 1024)) return 'persistent';
    const sinceNoticeMs = this.now() - this.noticedAtMs;
    if (sinceNoticeMs < NOTICE_EVERY_MS) return 'refused';
    this.notices = sinceNoticeMs < 2 * NOTICE_EVERY_MS ? this.notices + 1 : 1;
    this.noticedAtMs = this.now();
    return this.notices >= NOTICES_UNTIL_CLOSE ? 'persistent' : 'refused_with_notice';
  }
}
