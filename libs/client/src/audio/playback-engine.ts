import { PLAYBACK_PROCESSOR, type PlaybackCommand, type PlaybackEvent, type PlaybackOptions } from '@parley/audio-worklets';
import type { PlaybackReport } from './playback-report';

/** A frame of speech: 16-bit little-endian mono PCM. The whole buffer behind `pcm` is transferred to the audio thread. */
export interface PlayableFrame {
  turn: number;
  pcm: Uint8Array;
  last: boolean;
}

/** What the playback reports to its owner. */
export interface PlaybackHandlers {
  onReport(report: PlaybackReport): void;
  /** The turn ran out of speech before its end, so the listener heard a gap. */
  onUnderrun(turn: number): void;
  /** The worklet does not start or has failed, so this playback plays nothing more. */
  onBroken(): void;
}

/** How much speech must have arrived before a turn starts, in ms. It compensates for network jitter and is part of the latency. */
const START_MS = 200;
/** The shortest interval that the protocol allows between `progress` reports. */
export const PROGRESS_INTERVAL_MS = 250;
/** How many frames are kept until the worklet is loaded: more than the server ever sends ahead. */
const MAX_WAITING_FRAMES = 2_000;
/** The fade-out takes 5 ms. If the audio thread has not confirmed the end after this time, it is not waited for any longer. */
export const FADE_TIMEOUT_MS = 200;

/**
 * The speaker side of one conversation: speech frames → playback worklet, and what was really played back as reports.
 * Audio of stopped turns that still arrives is dropped. Closed by its owner.
 */
export class PlaybackEngine {
  private node: AudioWorkletNode | undefined;
  private waiting: PlayableFrame[] = [];
  /** All turns up to this number are over, because turn numbers only grow and one reply is played at a time. */
  private stoppedThroughTurn = 0;
  private reported = { turn: 0, playedMs: 0 };
  private closed = false;

  constructor(private readonly handlers: PlaybackHandlers) {}

  /** Starts playing into `output`, whose context must have loaded the playback worklet. Frames that were kept until now are played first. */
  attach(output: AudioNode, sourceRateHz: number): void {
    if (this.closed || this.node) return;
    try {
      this.node = this.newNode(output, sourceRateHz);
    } catch {
      this.broke();
      return;
    }
    for (const frame of this.waiting) this.post(frame);
    this.waiting = [];
  }

  /** Plays a frame after those before it, unless its turn was stopped. Takes over the buffer behind `frame.pcm`. */
  play(frame: PlayableFrame): void {
    if (this.closed || this.isStopped(frame.turn)) return;
    if (this.node) this.post(frame);
    else if (this.waiting.length < MAX_WAITING_FRAMES) this.waiting.push(frame);
  }

  /** Stops a turn at once, and drops its frames that arrive later. */
  flush(turn: number): void {
    this.stoppedThroughTurn = Math.max(this.stoppedThroughTurn, turn);
    this.waiting = this.waiting.filter((frame) => !this.isStopped(frame.turn));
    this.command({ type: 'flush', turn });
  }

  /** Whether the turn was stopped, so that nothing of it may be heard any more. */
  isStopped(turn: number): boolean {
    return turn <= this.stoppedThroughTurn;
  }

  /** Plays a turn quietly while the visitor may be starting to speak. */
  duck(turn: number, active: boolean): void {
    this.command({ type: 'duck', turn, active });
  }

  /** Pauses a turn at the sample being played, or resumes it from there. */
  pause(turn: number, active: boolean): void {
    if (!this.isStopped(turn)) this.command({ type: 'pause', turn, active });
  }

  /** Fades out and closes for good. Calls back once, when nothing is heard any more and the worklet is released. */
  close(onSilent: () => void = () => undefined): void {
    const { node } = this;
    this.closed = true;
    this.waiting = [];
    this.node = undefined;
    if (!node) {
      onSilent();
      return;
    }
    let isSilent = false;
    const silent = (): void => {
      if (isSilent) return;
      isSilent = true;
      clearTimeout(timer);
      node.port.onmessage = null;
      node.disconnect();
      onSilent();
    };
    const timer = setTimeout(silent, FADE_TIMEOUT_MS);
    node.onprocessorerror = null;
    node.port.onmessage = (event: MessageEvent<PlaybackEvent>) => {
      if (event.data.type === 'stopped') silent();
    };
    node.port.postMessage({ type: 'stop' } satisfies PlaybackCommand);
    // If the browser does not run the context, nothing is heard and the worklet does not answer.
    if (node.context.state !== 'running') silent();
  }

  private newNode(output: AudioNode, sourceRateHz: number): AudioWorkletNode {
    const node = new AudioWorkletNode(output.context, PLAYBACK_PROCESSOR, {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [1],
      processorOptions: { sourceRateHz, startMs: START_MS } satisfies PlaybackOptions,
    });
    node.port.onmessage = (event: MessageEvent<PlaybackEvent>) => this.received(event.data);
    node.onprocessorerror = () => this.broke();
    node.connect(output);
    return node;
  }

  private broke(): void {
    if (this.closed) return;
    this.close();
    this.handlers.onBroken();
  }

  private received(message: PlaybackEvent): void {
    switch (message.type) {
      case 'started':
      case 'ended':
        this.report(message.turn, message.type, message.playedMs);
        break;
      case 'progress':
      case 'flushed':
        // The position at which a turn was stopped is reported as progress, with the same minimum interval.
        if (this.newlyPlayedMs(message.turn, message.playedMs) >= PROGRESS_INTERVAL_MS)
          this.report(message.turn, 'progress', message.playedMs);
        break;
      case 'underrun':
        this.handlers.onUnderrun(message.turn);
        break;
      case 'level':
        // The page's output meter reads the analyser instead, which measures what really leaves the graph.
        break;
      case 'stopped':
        // Sent only after `close`, which waits for it.
        break;
    }
  }

  private report(turn: number, event: PlaybackReport['event'], playedMs: number): void {
    this.reported = { turn, playedMs };
    this.handlers.onReport({ turn, event, playedMs: Math.max(0, Math.round(playedMs)) });
  }

  /** Counts time in played audio, which is not affected by delays of the messages between threads. */
  private newlyPlayedMs(turn: number, playedMs: number): number {
    return turn === this.reported.turn ? playedMs - this.reported.playedMs : playedMs;
  }

  private post(frame: PlayableFrame): void {
    this.node?.port.postMessage({ type: 'audio', turn: frame.turn, pcm: frame.pcm, last: frame.last } satisfies PlaybackCommand, [
      frame.pcm.buffer,
    ]);
  }

  private command(command: PlaybackCommand): void {
    this.node?.port.postMessage(command);
  }
}
