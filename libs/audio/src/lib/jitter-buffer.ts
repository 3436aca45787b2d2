import { SampleRing } from './sample-ring';
import { StartBuffer } from './start-buffer';
import { TurnVolume } from './turn-volume';

/** Is called in the order in which things happen to a turn. Each turn is closed once, by `onEnded` or by `onFlushed`. */
export interface JitterBufferListener {
  /** The turn's first sample is in the block being read. Not called for a turn without audio. */
  onStarted(turn: number): void;
  /** All of the turn has been read. */
  onEnded(turn: number, playedSamples: number): void;
  /** The turn was dropped; `playedSamples` includes the fade that follows. */
  onFlushed(turn: number, playedSamples: number): void;
  /** The turn ran out of audio before its end was known. It is silent until there is audio again. */
  onUnderrun(turn: number): void;
}

/** All durations are milliseconds of audio. */
export interface JitterBufferOptions {
  readonly sampleRateHz: number;
  readonly listener: JitterBufferListener;
  /** A turn starts when this much of it has arrived, or all of it. Default 200. Each underrun raises it, and good playback lowers it again. */
  readonly startMs?: number;
  /** After an underrun, playback resumes when this much has arrived; each further underrun raises it. Default 80. */
  readonly restartMs?: number;
  /** The limit up to which underruns raise both of these. Default 400. */
  readonly maxStartMs?: number;
  /** The most audio that is held. Any more is dropped. Default 30 000. */
  readonly capacityMs?: number;
  /** Length of the fades wherever sound begins or ends: at both ends of a turn, around an underrun, and at a flush. Default 5. */
  readonly fadeMs?: number;
  /** Length of the fade-out when a turn is paused, and of the fade-in when it resumes. Default 10. */
  readonly holdFadeMs?: number;
}

/** How long the volume takes to change when a turn is ducked or restored. */
const DUCK_RAMP_MS = 15;
/** How much an underrun raises the start buffer, and how much good playback lowers it. Connections get worse quickly and recover slowly. */
const GROW_MS = 100;
const SHRINK_MS = 50;
/** Playback without an underrun counts as good after this long. */
const GOOD_MS = 5_000;
/** The turn number of what still fades out after a reset. It is lower than any number that a caller may use. */
const FORGOTTEN_TURN = -1;

interface Segment {
  readonly turn: number;
  /** Samples in the ring that will be played. */
  queued: number;
  /** Samples after them in the ring that were flushed and will be skipped. */
  skipped: number;
  played: number;
  /** Whether no more audio will arrive. */
  complete: boolean;
  flushed: boolean;
  /** Volume of the fade, from 0 to `edgeSteps`: it changes by one step per sample, and is never higher than the number of samples left. */
  edge: number;
  /** Positions in the turn, in samples, at which audio was dropped because the buffer was full, so that the sound is not continuous there. */
  seams: number[];
  hadUnderrun: boolean;
  playing: boolean;
  /** How many samples must be queued before playback resumes after an underrun. */
  restartSamples: number | undefined;
}

/**
 * The playback buffer. It takes audio as it arrives and returns it at the pace of the audio device, turn after turn.
 *
 * Turn numbers only grow: audio of a turn makes all earlier turns complete, and audio of an earlier turn, or of one that has ended or was
 * flushed, is dropped. `read` belongs to the audio thread and allocates nothing.
 */
export class JitterBuffer {
  private readonly listener: JitterBufferListener;
  private readonly ring: SampleRing;
  private readonly startBuffer: StartBuffer;
  private readonly edgeSteps: number;
  private readonly volume: TurnVolume;

  private segments: Segment[] = [];
  private newestTurn = -1;
  private newestIsOpen = false;
  private underruns = 0;
  private overflow = 0;

  constructor(options: JitterBufferOptions) {
    const { sampleRateHz, listener, startMs = 200, restartMs = 80, maxStartMs = 400 } = options;
    const { capacityMs = 30_000, fadeMs = 5, holdFadeMs = 10 } = options;
    const samples = (durationMs: number): number => Math.round((durationMs * sampleRateHz) / 1000);
    this.listener = listener;
    this.ring = new SampleRing(Math.max(1, samples(capacityMs)));
    this.startBuffer = new StartBuffer({
      startSamples: samples(startMs),
      restartSamples: samples(restartMs),
      maxSamples: samples(maxStartMs),
      growSamples: samples(GROW_MS),
      shrinkSamples: samples(SHRINK_MS),
      goodSamples: samples(GOOD_MS),
    });
    this.edgeSteps = samples(fadeMs) + 1;
    this.volume = new TurnVolume({ duckSamples: samples(DUCK_RAMP_MS), holdSamples: samples(holdFadeMs) });
  }

  /** Samples that will still be played. */
  get bufferedSamples(): number {
    return this.segments.reduce((sum, segment) => sum + segment.queued, 0);
  }

  /** How often a turn ran out of audio. */
  get underrunCount(): number {
    return this.underruns;
  }

  /** Samples dropped because the buffer was full. */
  get overflowSamples(): number {
    return this.overflow;
  }

  /** The turn being played, also while it waits for audio after an underrun. Undefined before its start and after a flush. */
  get currentTurn(): number | undefined {
    const segment = this.segments.at(0);
    return segment && segment.played > 0 && !segment.flushed ? segment.turn : undefined;
  }

  /** Whether nothing is left to be read, not even a fade. */
  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  /** How many samples of the first turn in the buffer were read. */
  get playedSamples(): number {
    return this.segments.at(0)?.played ?? 0;
  }

  /** Whether audio of this turn is still accepted: it has neither ended nor been flushed, and no later turn has begun. */
  accepts(turn: number): boolean {
    return turn > this.newestTurn || (turn === this.newestTurn && this.newestIsOpen);
  }

  /** Adds a copy of audio of a turn and returns how many samples were added. Those that do not fit or are too late are dropped. */
  write(turn: number, samples: Float32Array): number {
    const segment = this.openSegment(turn);
    if (!segment) return 0;
    const count = this.ring.push(samples);
    segment.queued += count;
    if (count < samples.length) this.dropped(segment, samples.length - count);
    return count;
  }

  /** No more audio of this turn will arrive. It starts at once unless it has, and ends when all of it was played. */
  end(turn: number): void {
    const segment = this.openSegment(turn);
    if (!segment) return;
    segment.complete = true;
    this.newestIsOpen = false;
  }

  /** Drops the turn. If it is playing, it fades out; what is queued or arrives later is never played. */
  flush(turn: number): void {
    const index = this.segments.findIndex((candidate) => candidate.turn === turn);
    if (index < 0) {
      if (turn <= this.newestTurn) return;
      this.completeAll();
      this.newestTurn = turn;
      this.newestIsOpen = false;
      this.listener.onFlushed(turn, 0);
      return;
    }
    const segment = this.segments[index];
    if (segment.flushed) return;
    if (turn === this.newestTurn) this.newestIsOpen = false;
    const fade = this.fadeOf(segment);
    this.volume.release(turn);
    segment.skipped += segment.queued - fade;
    segment.queued = fade;
    segment.seams.length = 0;
    segment.complete = true;
    segment.flushed = true;
    this.reclaimTail();
    this.listener.onFlushed(turn, segment.played + fade);
  }

  /** Plays a turn at a tenth of its volume, or restores it. Only the turn of the last call is ducked. */
  duck(turn: number, active: boolean): void {
    this.volume.duck(turn, active);
  }

  /**
   * Pauses a turn where it is, or resumes it from there. Every sample is played once, with a fade around the pause. Audio that arrives in the
   * meantime is queued, and having nothing to play is not an underrun. A turn before the current one cannot be held, and audio of a later
   * turn ends the pause.
   */
  hold(turn: number, active: boolean): void {
    if (turn >= (this.segments.at(0)?.turn ?? 0)) this.volume.hold(turn, active);
  }

  /** Fills the block with the next samples, or with silence if there are none. */
  read(out: Float32Array): void {
    let at = 0;
    while (at < out.length && this.segments.length > 0) {
      const segment = this.segments[0];
      if (!this.isDue(segment)) break;
      at = this.play(segment, out, at);
      if (segment.queued > 0) continue;
      if (segment.complete) this.finish(segment);
      else if (at < out.length) this.runDry(segment);
    }
    out.fill(0, at);
  }

  /**
   * Returns to the state after construction without calling the listener, so that turn numbers may start again. What is playing fades out.
   * The counters and the current size of the start buffer are kept.
   */
  reset(): void {
    const playing = this.segments.at(0);
    const fade = playing ? this.fadeOf(playing) : 0;
    // The oldest samples in the ring are those of the first segment.
    this.ring.dropNewest(this.ring.length - fade);
    this.segments = [];
    if (playing && fade > 0)
      this.segments.push({ ...newSegment(FORGOTTEN_TURN), queued: fade, edge: playing.edge, complete: true, flushed: true, playing: true });
    this.newestTurn = FORGOTTEN_TURN;
    this.newestIsOpen = false;
    this.volume.reset();
  }

  /** The segment to which audio of this turn is added. Undefined if the audio is too late. */
  private openSegment(turn: number): Segment | undefined {
    if (!this.accepts(turn)) return undefined;
    if (turn === this.newestTurn) return this.segments.at(-1);
    this.completeAll();
    this.newestTurn = turn;
    this.newestIsOpen = true;
    this.volume.release(turn - 1);
    const segment = newSegment(turn);
    this.segments.push(segment);
    return segment;
  }

  private completeAll(): void {
    for (const segment of this.segments) segment.complete = true;
  }

  private isDue(segment: Segment): boolean {
    if (this.volume.isHeld(segment.turn)) return segment.playing && !this.volume.isSilent;
    if (!segment.playing && (segment.complete || segment.queued >= this.thresholdOf(segment))) {
      segment.playing = true;
      if (segment.played === 0 && segment.queued > 0 && !segment.flushed) this.start(segment);
    }
    return segment.playing;
  }

  private start(segment: Segment): void {
    this.volume.begin(segment.turn);
    this.listener.onStarted(segment.turn);
  }

  private play(segment: Segment, out: Float32Array, from: number): number {
    const seam = segment.seams.length > 0 ? segment.seams[0] - segment.played : Number.POSITIVE_INFINITY;
    let left = Math.min(segment.queued, seam);
    const end = Math.min(from + left, out.length);
    let at = from;
    for (; at < end; at++, left--) {
      const volume = this.volume.next(segment.turn, segment.flushed);
      if (volume === 0) break;
      segment.edge = Math.min(segment.edge + 1, left, this.edgeSteps);
      out[at] = this.ring.shift() * volume * (segment.edge / this.edgeSteps);
    }
    segment.queued -= at - from;
    segment.played += at - from;
    this.startBuffer.played(at - from);
    if (segment.seams.length > 0 && segment.played === segment.seams[0]) this.pass(segment);
    return at;
  }

  /** After a position at which samples were dropped, the sound fades in again. */
  private pass(segment: Segment): void {
    segment.seams.shift();
    segment.edge = 0;
  }

  private runDry(segment: Segment): void {
    if (this.volume.isHeld(segment.turn)) {
      this.volume.stop();
      return;
    }
    segment.playing = false;
    segment.edge = 0;
    segment.hadUnderrun = true;
    segment.restartSamples = this.startBuffer.gap();
    this.underruns++;
    this.listener.onUnderrun(segment.turn);
  }

  private finish(segment: Segment): void {
    this.segments.shift();
    this.ring.dropOldest(segment.skipped);
    if (segment.flushed) return;
    if (segment.played > 0 && !segment.hadUnderrun) this.startBuffer.turnWasWhole();
    this.listener.onEnded(segment.turn, segment.played);
  }

  private dropped(segment: Segment, count: number): void {
    this.overflow += count;
    const seam = segment.played + segment.queued;
    if (segment.seams.at(-1) !== seam) segment.seams.push(seam);
  }

  /** How many samples a segment that must end now still plays: as many as its fade-out needs from the current volume. */
  private fadeOf(segment: Segment): number {
    if (segment.flushed) return segment.queued;
    return segment.playing && !this.volume.isSilent ? Math.min(Math.max(0, segment.edge - 1), segment.queued) : 0;
  }

  /** Frees the room of flushed samples at once if nothing was written after them. */
  private reclaimTail(): void {
    const tail = this.segments.at(-1);
    if (!tail) return;
    this.ring.dropNewest(tail.skipped);
    tail.skipped = 0;
  }

  /** How many samples must be queued before the turn starts or resumes: at least one, and not more than fit into the ring. */
  private thresholdOf(segment: Segment): number {
    return Math.max(1, Math.min(this.ring.capacity, segment.restartSamples ?? this.startBuffer.startSamples));
  }
}

const newSegment = (turn: number): Segment => ({
  turn,
  queued: 0,
  skipped: 0,
  played: 0,
  complete: false,
  flushed: false,
  edge: 0,
  seams: [],
  hadUnderrun: false,
  playing: false,
  restartSamples: undefined,
});
