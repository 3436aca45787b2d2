import { JitterBuffer, meanSquareToDbfs, SILENCE_DBFS } from '@parley/audio';
import { type PlaybackCommand, type PlaybackEvent, type PlaybackOptions } from './messages';
import { TurnConverter } from './turn-converter';

/** The node's options, and the surroundings of the processor. */
export interface PlaybackQueueOptions extends PlaybackOptions {
  readonly contextRateHz: number;
  /** Called from `render` and `receive` whenever there is something to report. */
  readonly onEvent: (event: PlaybackEvent) => void;
}

const PROGRESS_MS = 250;
const LEVEL_MS = 200;
/**
 * At most this much source audio is converted per block: enough to reach the start threshold in two or three blocks (7 ms) with little CPU
 * time.
 */
const CONVERT_MS_PER_BLOCK = 100;

/**
 * Plays the assistant's turns one after the other and reports what was played. Runs on the audio thread; `render` allocates only events.
 */
export class PlaybackQueue {
  private readonly contextRateHz: number;
  private readonly onEvent: (event: PlaybackEvent) => void;
  private readonly buffer: JitterBuffer;
  private readonly converter: TurnConverter;
  private readonly convertSamples: number;
  /** Played samples of the current turn at the last report. */
  private reportedSamples = 0;
  private levelSum = 0;
  private levelSamples = 0;
  private reportedDbfs = SILENCE_DBFS;

  constructor({ sourceRateHz, contextRateHz, startMs, onEvent }: PlaybackQueueOptions) {
    this.contextRateHz = contextRateHz;
    this.onEvent = onEvent;
    this.buffer = new JitterBuffer({
      sampleRateHz: contextRateHz,
      startMs,
      listener: {
        onStarted: (turn) => {
          this.reportedSamples = 0;
          this.tell('started', turn, 0);
        },
        onEnded: (turn, playedSamples) => this.tell('ended', turn, playedSamples),
        onFlushed: (turn, playedSamples) => this.tell('flushed', turn, playedSamples),
        onUnderrun: (turn) => onEvent({ type: 'underrun', turn }),
      },
    });
    this.converter = new TurnConverter({ sourceRateHz, contextRateHz, buffer: this.buffer });
    this.convertSamples = Math.ceil((CONVERT_MS_PER_BLOCK * sourceRateHz) / 1000);
  }

  /** A message from the page. */
  receive(command: Exclude<PlaybackCommand, { type: 'stop' }>): void {
    switch (command.type) {
      case 'audio':
        return this.converter.push(command.turn, command.pcm, command.last);
      case 'flush':
        return this.flush(command.turn);
      case 'duck':
        return this.buffer.duck(command.turn, command.active);
      case 'pause':
        return this.buffer.hold(command.turn, command.active);
      case 'reset':
        return this.reset();
    }
  }

  /** True when nothing is left to be played, not even a fade. */
  get isSilent(): boolean {
    return this.buffer.isEmpty;
  }

  /** Fills one block of mono output. */
  render(out: Float32Array): void {
    this.converter.convert(this.convertSamples);
    this.buffer.read(out);
    this.reportProgress();
    this.reportLevel(out);
  }

  private flush(turn: number): void {
    this.converter.drop(turn);
    // A flush accepts no more audio of earlier turns, so audio of theirs that has arrived is converted first. There is hardly ever any.
    this.converter.convert(Number.POSITIVE_INFINITY);
    this.buffer.flush(turn);
  }

  private reset(): void {
    this.converter.reset();
    this.buffer.reset();
  }

  private tell(type: 'started' | 'progress' | 'ended' | 'flushed', turn: number, playedSamples: number): void {
    this.onEvent({ type, turn, playedMs: Math.round((playedSamples * 1000) / this.contextRateHz) });
  }

  private reportProgress(): void {
    const turn = this.buffer.currentTurn;
    if (turn === undefined) return;
    const { playedSamples } = this.buffer;
    if ((playedSamples - this.reportedSamples) * 1000 < PROGRESS_MS * this.contextRateHz) return;
    this.reportedSamples = playedSamples;
    this.tell('progress', turn, playedSamples);
  }

  private reportLevel(out: Float32Array): void {
    for (let i = 0; i < out.length; i++) this.levelSum += out[i] * out[i];
    this.levelSamples += out.length;
    if (this.levelSamples * 1000 < LEVEL_MS * this.contextRateHz) return;
    const dbfs = meanSquareToDbfs(this.levelSum / this.levelSamples);
    this.levelSum = 0;
    this.levelSamples = 0;
    if (dbfs === SILENCE_DBFS && this.reportedDbfs === SILENCE_DBFS) return;
    this.reportedDbfs = dbfs;
    this.onEvent({ type: 'level', dbfs });
  }
}
