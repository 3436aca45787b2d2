import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AudioOutput,
  describeError,
  type EngineLogger,
  OUTPUT_SAMPLE_RATE_HZ,
  type OutgoingSpeech,
  type PlaybackReport,
} from '@parley/engine';
import { SpeechQueue } from './speech-queue';

/** Takes the assistant's speech to the room. The class `AudioSource` of the media server's client, with what is used of it. */
export interface SpeechSink {
  /** Speech that was taken and is not sent yet, in ms. */
  readonly queuedMs: number;
  /** 16-bit mono PCM at `OUTPUT_SAMPLE_RATE_HZ`. Resolves when there is room for more. */
  capture(pcm: Int16Array): Promise<void>;
  /** Drops what was taken and is not sent yet. A capture that is still waiting may get through afterwards. */
  clear(): void;
  close(): Promise<void>;
}

export interface RoomAudioOutputOptions {
  sink: SpeechSink;
  now: () => number;
  /** How much of a turn the people in the room have heard, several times a second while something is played. */
  report: (report: PlaybackReport) => void;
  logger: EngineLogger;
}

/** Speech takes about this long from the queue of this process to the ears of people. */
const UNDER_WAY_MS = 100;
const REPORT_EVERY_MS = 100;
const LAST_CAPTURE_MS = 300;

/** What was handed on of the turn that is being played. */
interface Playing {
  turn: number;
  sentMs: number;
  reportedMs: number;
  isStarted: boolean;
  isComplete: boolean;
}

/**
 * Plays a conversation's speech in a room. The sink is fed in short frames, so that little has to be taken back when the speech is
 * stopped. Never throws.
 */
export class RoomAudioOutput implements AudioOutput {
  /** With the length of one message on top, this is what the sink holds and a little more. */
  readonly maxLeadMs = 400;
  /** What the receivers hold already cannot be taken back to the exact sample. */
  readonly canPause = false;
  private readonly queue = new SpeechQueue();
  /** Increased by everything that drops speech. A capture of an older generation comes too late. */
  private generation = 0;
  private isPumping = false;
  private pumping: Promise<void> = Promise.resolve();
  private isSilent = false;
  private isClosed = false;
  private hasFailed = false;
  private playing: Playing | undefined;
  private reporting: NodeJS.Timeout | undefined;
  /** Since when everything that was handed on has left this process. */
  private emptySinceMs: number | undefined;

  constructor(private readonly options: RoomAudioOutputOptions) {}

  play({ turn, pcm, last }: OutgoingSpeech): void {
    if (this.isClosed || this.isSilent) return;
    // The sink is fed after this call, and the speech belongs to its sender.
    this.queue.push(turn, pcm.slice(), last);
    if (!this.isPumping) this.pumping = this.pump();
  }

  clear(turn: number): void {
    this.queue.clear(turn);
    if (this.playing?.turn === turn) this.drop();
  }

  duck(_turn: number, on: boolean): void {
    this.queue.duck(on);
  }

  pause(): void {
    // Never called: `canPause` is not set.
  }

  /** While it is on, nothing is audible, and what is played meanwhile is lost. */
  silence(on: boolean): void {
    this.isSilent = on;
    if (!on) return;
    this.queue.clear();
    this.drop();
  }

  /** Nothing is audible from here on. Idempotent. */
  stop(): void {
    if (this.isClosed) return;
    this.silence(true);
    this.isClosed = true;
  }

  /** Releases the sink, after `stop`. Once. */
  async close(): Promise<void> {
    this.stop();
    // A capture that is still waiting would wait for ever behind a sink that is gone.
    await Promise.race([this.pumping, sleep(LAST_CAPTURE_MS, undefined, { ref: false })]);
    await this.options.sink.close();
  }

  /** Takes back what has been handed on. */
  private drop(): void {
    this.generation += 1;
    this.playing = undefined;
    this.stopReporting();
    this.contain(() => this.options.sink.clear());
  }

  /** Feeds the sink, one frame after the other, until there is nothing left. */
  private async pump(): Promise<void> {
    this.isPumping = true;
    for (let frame = this.queue.shift(); frame !== undefined; frame = this.queue.shift()) {
      const { generation } = this;
      const playing = this.playingOf(frame.turn);
      playing.sentMs += (frame.pcm.length * 1000) / OUTPUT_SAMPLE_RATE_HZ;
      playing.isComplete ||= frame.last;
      if (frame.pcm.length > 0) await this.capture(frame.pcm);
      // It has waited, and may have got into the queue after that was cleared.
      if (generation !== this.generation && !this.isClosed) this.contain(() => this.options.sink.clear());
    }
    this.isPumping = false;
  }

  private async capture(pcm: Int16Array): Promise<void> {
    if (this.isClosed) return;
    try {
      await this.options.sink.capture(pcm);
    } catch (error) {
      this.failed(error);
    }
  }

  private playingOf(turn: number): Playing {
    if (this.playing?.turn === turn) return this.playing;
    this.playing = { turn, sentMs: 0, reportedMs: 0, isStarted: false, isComplete: false };
    this.reporting ??= setInterval(() => this.report(), REPORT_EVERY_MS);
    return this.playing;
  }

  private report(): void {
    const { playing } = this;
    if (playing === undefined) return this.stopReporting();
    const { turn, sentMs } = playing;
    const queuedMs = this.options.sink.queuedMs;
    // The last of it is under way for some time after the queue is empty.
    const playedMs = Math.min(Math.max(sentMs - queuedMs - this.underWayMs(queuedMs), playing.reportedMs), sentMs);
    const isOver = playing.isComplete && playedMs >= sentMs;
    if (playedMs > playing.reportedMs || isOver) {
      const event = isOver ? 'ended' : playing.isStarted ? 'progress' : 'started';
      Object.assign(playing, { reportedMs: playedMs, isStarted: true });
      if (isOver) {
        this.playing = undefined;
        this.stopReporting();
      }
      this.options.report({ turn, event, playedMs });
    }
  }

  private underWayMs(queuedMs: number): number {
    if (queuedMs > 0 || !this.queue.isEmpty) {
      this.emptySinceMs = undefined;
      return UNDER_WAY_MS;
    }
    this.emptySinceMs ??= this.options.now();
    return Math.max(0, UNDER_WAY_MS - (this.options.now() - this.emptySinceMs));
  }

  private stopReporting(): void {
    clearInterval(this.reporting);
    this.reporting = undefined;
    this.emptySinceMs = undefined;
  }

  private contain(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Once: every frame after the first may fail for the same reason. */
  private failed(error: unknown): void {
    if (this.hasFailed || this.isClosed) return;
    this.hasFailed = true;
    this.options.logger.error('speech could not be played in the room', { error: describeError(error) });
  }
}
