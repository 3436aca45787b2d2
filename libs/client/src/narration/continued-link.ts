import type { NarrationServerMessage, NarrationVoiceSettings, SpeechFrame, StartNarration } from '@parley/protocol';
import { isRetried } from '../link/link-closure';
import type { SocketAddress } from '../link/socket-address';
import { Retries } from '../link/retries';
import { GivenText } from './given-text';
import { type NarrationClosure, NarrationLink } from './narration-link';

/** What a continued link reports to its owner. Numbers of segments only grow, over all connections. */
export interface ContinuedLinkHandlers {
  onMessage(message: NarrationServerMessage): void;
  /** `frame.turn` is the number of the segment. */
  onSpeech(frame: SpeechFrame): void;
  /** The connection broke. When all that had arrived was heard, the owner calls `goOn`. */
  onBroken(): void;
  /** Nothing more comes. Once, and never after the owner's own `close()`. */
  onClosed(closure: NarrationClosure): void;
}

/**
 * The page's link to a narration that outlives its connections: what was given and not heard is given to the next connection. Closed by its
 * owner; no timer, listener or socket is left after `close()` or `onClosed`.
 */
export class ContinuedLink {
  private readonly given = new GivenText();
  private readonly retries: Retries;
  private link: NarrationLink | undefined;
  private options: Omit<StartNarration, 'type'> = {};
  private isEnded = false;
  private wasStarted = false;
  /** Why there is no connection. */
  private broken: NarrationClosure | undefined;
  /** Segments of earlier connections. */
  private offset = 0;

  /** `random` as `Math.random`. */
  constructor(
    private readonly address: SocketAddress,
    private readonly handlers: ContinuedLinkHandlers,
    random: () => number = Math.random,
  ) {
    this.retries = new Retries(() => this.reconnect(), random);
  }

  open(options: Omit<StartNarration, 'type'>): void {
    this.options = options;
    this.connect();
  }

  text(text: string): void {
    this.given.add({ type: 'text', text });
    this.link?.text(text);
  }

  flush(): void {
    this.link?.flush();
  }

  setVoice(voiceId: string, settings?: NarrationVoiceSettings): void {
    this.given.add({ type: 'voice', voiceId, ...(settings && { settings }) });
    this.link?.setVoice(voiceId, settings);
  }

  pause(): void {
    this.link?.pause();
  }

  resume(): void {
    this.link?.resume();
  }

  /** `onClosed('cancelled')` follows, at once if there is no connection. */
  cancel(): void {
    if (this.broken) this.over('cancelled');
    else this.link?.cancel();
  }

  end(): void {
    this.isEnded = true;
    this.link?.end();
  }

  reportPlayback(segment: number, event: 'started' | 'progress' | 'ended', playedMs: number): void {
    if (segment > this.offset) this.link?.reportPlayback(segment - this.offset, event, playedMs);
  }

  /**
   * The connection broke: goes on with another one behind this much more of the text (in UTF-16 units), which was heard since the one before.
   * Its segments are numbered from `lastSegment` on.
   */
  goOn(heardLength: number, lastSegment: number): void {
    if (!this.broken) return;
    this.given.drop(heardLength);
    this.offset = lastSegment;
    if (this.isEnded && !this.given.hasText) this.over('completed');
    else this.retry(this.broken);
  }

  close(): void {
    this.retries.stop();
    this.link?.close();
    this.link = undefined;
  }

  private connect(): void {
    const link = new NarrationLink(this.address, {
      onMessage: (message) => this.received(message),
      onSpeech: (frame) => this.handlers.onSpeech({ ...frame, turn: frame.turn + this.offset }),
      onClosed: (closure) => this.closed(closure),
    });
    this.link = link;
    link.open(this.options);
  }

  private reconnect(): void {
    this.link?.close();
    this.connect();
    for (const part of this.given.rest()) {
      if (part.type === 'text') this.link?.text(part.text);
      else this.link?.setVoice(part.voiceId, part.settings);
    }
    if (this.isEnded) this.link?.end();
    else this.link?.flush();
  }

  private received(message: NarrationServerMessage): void {
    if (message.type === 'narration_started') {
      this.wasStarted = true;
      this.broken = undefined;
      this.retries.stop();
      this.retries.forget();
    }
    this.handlers.onMessage(message.type === 'alignment' ? { ...message, segment: message.segment + this.offset } : message);
  }

  private closed(closure: NarrationClosure): void {
    this.link = undefined;
    if (!this.wasStarted || !isRetried(closure)) this.over(closure);
    // Another attempt has failed: nothing was heard since.
    else if (this.broken) this.retry(closure);
    else {
      this.broken = closure;
      this.handlers.onBroken();
    }
  }

  private retry(cause: NarrationClosure): void {
    if (this.retries.plan() === undefined) this.over(cause);
  }

  private over(closure: NarrationClosure): void {
    this.broken = undefined;
    this.close();
    this.handlers.onClosed(closure);
  }
}
