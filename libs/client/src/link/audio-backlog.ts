import { MAX_FRAMES_PER_MESSAGE } from '@parley/protocol';

interface CapturedFrame {
  readonly pcm: ArrayBuffer;
  readonly isSpeech: boolean;
}

/** Captured audio that waits for a connection, in order. Its length is limited; the oldest frames are dropped first. */
export class AudioBacklog {
  private readonly frames: CapturedFrame[] = [];

  /** `maxFrames` of `FRAME_MS` each. */
  constructor(private readonly maxFrames: number) {}

  get isEmpty(): boolean {
    return this.frames.length === 0;
  }

  /** Adds a frame, which it takes over. Returns false if an older frame with speech was dropped for it. */
  push(pcm: ArrayBuffer, isSpeech = true): boolean {
    this.frames.push({ pcm, isSpeech });
    if (this.frames.length <= this.maxFrames) return true;
    return this.frames.shift()?.isSpeech !== true;
  }

  /** Removes the oldest frames, as many as fit into one message, and returns them joined. Empty if there are none. */
  take(): ArrayBuffer {
    const frames = this.frames.splice(0, MAX_FRAMES_PER_MESSAGE);
    const piece = new Uint8Array(frames.reduce((bytes, { pcm }) => bytes + pcm.byteLength, 0));
    let at = 0;
    for (const { pcm } of frames) {
      piece.set(new Uint8Array(pcm), at);
      at += pcm.byteLength;
    }
    return piece.buffer;
  }

  clear(): void {
    this.frames.length = 0;
  }
}
