import { PlayoutClock } from '@parley/conversation';
import type { OutgoingSpeech, PlaybackReport } from '../ports';

export interface AudioOutboxOptions {
  sampleRateHz: number;
  /** How much audio may be sent ahead of what the listener has heard. */
  maxLeadMs: number;
  /** Whether a turn is played after the one before it. Otherwise it takes the place of the one before. */
  isContinuous?: boolean;
  now: () => number;
  send: (speech: OutgoingSpeech) => void;
  /** Called when audio was sent. */
  onSent: (reply: number, durationMs: number) => void;
  /** Called when all audio of the reply was sent. */
  onFinished: (reply: number) => void;
}

type Item = { reply: number; turn: number } & ({ pcm: Int16Array } | { finish: true });

/** The longest audio in one message. Short messages keep the lead exact, and little is under way when the reply is stopped. */
const MAX_MESSAGE_MS = 500;
/** A listener is at most this many turns behind. */
const REMEMBERED_TURNS = 100;

/** Sends speech to the client: numbered per turn, at most `maxLeadMs` ahead of playback, and dropped at once when the turn is cancelled. */
export class AudioOutbox {
  private queue: Item[] = [];
  private turn = 0;
  private seq = 0;
  /** Belongs to the turn whose audio was sent last, or to all of them if they are continuous. */
  private playout = PlayoutClock.START;
  /** Where the last turns begin in the audio of all of them, if they are continuous. */
  private readonly starts = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  /** When the listener's playback was paused. Undefined while it runs. */
  private heldSinceMs: number | undefined;

  constructor(private readonly options: AudioOutboxOptions) {}

  /** Speech that the listener has and has not heard yet, of the turn whose audio left last, or of all if they are continuous. Milliseconds. */
  get listenerLeadMs(): number {
    return this.playout.leadMs(this.heldSinceMs ?? this.options.now());
  }

  /** Whether `hold` is active. */
  get isHeld(): boolean {
    return this.heldSinceMs !== undefined;
  }

  push(reply: number, turn: number, pcm: Int16Array): void {
    if (this.closed) return;
    const perMessage = Math.floor((this.options.sampleRateHz * MAX_MESSAGE_MS) / 1000);
    for (let start = 0; start < pcm.length; start += perMessage)
      this.queue.push({ reply, turn, pcm: pcm.subarray(start, start + perMessage) });
    this.drain();
  }

  /** To be called after the last audio of a reply. */
  finish(reply: number, turn: number): void {
    if (this.closed) return;
    this.queue.push({ reply, turn, finish: true });
    this.drain();
  }

  /** Drops what was not sent yet. */
  cancel(reply: number): void {
    this.queue = this.queue.filter((item) => item.reply !== reply);
    if (this.queue.length === 0) this.stopTimer();
  }

  /** The listener's playback is paused, so nothing is sent until it resumes. Idempotent. */
  hold(active: boolean): void {
    const nowMs = this.options.now();
    if (active) {
      this.heldSinceMs ??= nowMs;
      this.stopTimer();
    } else if (this.heldSinceMs !== undefined) {
      this.playout = this.playout.resumed(this.heldSinceMs, nowMs);
      this.heldSinceMs = undefined;
      this.drain();
    }
  }

  reportPlayback(report: PlaybackReport): void {
    const playedMs = this.options.isContinuous ? this.playedOfAllMs(report) : report.turn === this.turn ? report.playedMs : undefined;
    if (playedMs === undefined) return;
    this.playout = this.playout.reported(playedMs, this.options.now());
    if (this.queue.length > 0) this.drain();
  }

  /** Sends nothing any more. Idempotent. */
  close(): void {
    this.closed = true;
    this.queue = [];
    this.stopTimer();
  }

  private drain(): void {
    this.stopTimer();
    if (this.heldSinceMs !== undefined) return;
    for (let item = this.queue[0]; item !== undefined; item = this.queue[0]) {
      const overMs = 'pcm' in item ? this.leadMs(item.turn) - this.options.maxLeadMs : 0;
      if (overMs > 0) {
        this.timer = setTimeout(() => this.drain(), Math.min(Math.max(overMs, 5), 1_000));
        return;
      }
      this.queue.shift();
      this.dispatch(item);
    }
  }

  private dispatch(item: Item): void {
    const { reply, turn } = item;
    const { sampleRateHz, now, send, onSent, onFinished } = this.options;
    if (turn !== this.turn) this.beginTurn(turn);
    if ('finish' in item) {
      send({ turn, seq: this.seq++, pcm: new Int16Array(0), last: true });
      onFinished(reply);
      return;
    }
    const durationMs = (item.pcm.length * 1000) / sampleRateHz;
    send({ turn, seq: this.seq++, pcm: item.pcm, last: false });
    this.playout = this.playout.sent(durationMs, now());
    onSent(reply, durationMs);
  }

  private beginTurn(turn: number): void {
    this.turn = turn;
    this.seq = 0;
    if (!this.options.isContinuous) {
      this.playout = PlayoutClock.START;
      return;
    }
    this.starts.set(turn, this.playout.sentMs);
    const [oldest] = this.starts.keys();
    if (this.starts.size > REMEMBERED_TURNS && oldest !== undefined) this.starts.delete(oldest);
  }

  /** What a report on one of the last turns says of the audio of all of them. Nobody has heard more of a turn than there is. */
  private playedOfAllMs({ turn, playedMs }: PlaybackReport): number | undefined {
    const startMs = this.starts.get(turn);
    return startMs === undefined ? undefined : Math.min(startMs + playedMs, this.starts.get(turn + 1) ?? Infinity);
  }

  /** How much audio is ahead of what the listener has heard. */
  private leadMs(turn: number): number {
    return this.options.isContinuous || turn === this.turn ? this.playout.leadMs(this.options.now()) : 0;
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
