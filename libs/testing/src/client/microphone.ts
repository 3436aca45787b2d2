import { bytesFromPcm16 } from '@parley/audio';
import { quietRoom } from './fixtures';
import { FRAME_MS, FRAME_SAMPLES } from './input-frame';

interface Clip {
  readonly pcm: Int16Array;
  position: number;
  capturedFromMs: number | undefined;
  readonly done: (capturedFromMs: number) => void;
}

/**
 * Eight frames are exactly five windows of the 32 ms voice detector, so a recording that begins there is split into the same windows in
 * every run.
 */
const CLIP_ALIGNMENT_FRAMES = 8;
const BACKGROUND_FRAMES = 50;

/** Sends 20 ms frames in real time, like a page's microphone: clips, with the noise of a quiet room between them. */
export class Microphone {
  private readonly clips: Clip[] = [];
  private timer: NodeJS.Timeout | undefined;
  private nextDueMs = 0;
  private sentFrames = 0;
  private background: Int16Array | undefined;

  constructor(private readonly send: (frame: Uint8Array) => void) {}

  open(): void {
    if (this.timer !== undefined) return;
    this.nextDueMs = performance.now() + FRAME_MS;
    this.schedule();
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /**
   * Plays a clip, after those that are still playing, and opens the microphone if necessary. Resolves when its last frame has been sent,
   * with the moment at which its first sample was "captured": a frame is sent when its 20 ms are over.
   */
  say(pcm: Int16Array): Promise<number> {
    this.open();
    return new Promise((done) => this.clips.push({ pcm, position: 0, capturedFromMs: undefined, done }));
  }

  private schedule(): void {
    this.timer = setTimeout(() => this.tick(), Math.max(0, this.nextDueMs - performance.now()));
  }

  /** Sends all frames that are due by the clock, so that late timers do not make the stream drift. */
  private tick(): void {
    for (; this.nextDueMs <= performance.now(); this.nextDueMs += FRAME_MS) {
      this.send(this.nextFrame());
      this.sentFrames++;
    }
    this.schedule();
  }

  private nextFrame(): Uint8Array {
    const [clip] = this.clips;
    if (clip === undefined || (clip.position === 0 && this.sentFrames % CLIP_ALIGNMENT_FRAMES !== 0)) return this.backgroundFrame();
    clip.capturedFromMs ??= this.nextDueMs - FRAME_MS;
    const samples = new Int16Array(FRAME_SAMPLES);
    samples.set(clip.pcm.subarray(clip.position, clip.position + FRAME_SAMPLES));
    clip.position += FRAME_SAMPLES;
    if (clip.position >= clip.pcm.length) {
      this.clips.shift();
      clip.done(clip.capturedFromMs);
    }
    return bytesFromPcm16(samples);
  }

  private backgroundFrame(): Uint8Array {
    const start = (this.sentFrames % BACKGROUND_FRAMES) * FRAME_SAMPLES;
    // Created on first use: in tests with hundreds of conversations, most never open their microphone.
    this.background ??= quietRoom(BACKGROUND_FRAMES * FRAME_MS);
    return bytesFromPcm16(this.background.subarray(start, start + FRAME_SAMPLES));
  }
}
