/** What one binary message may hold: 2 s. */
const MESSAGE_FRAMES = 100;

/** Captured audio that waits for a connection, in order and bounded: when it is full, the oldest gives way. */
export class AudioBacklog {
  private readonly frames: ArrayBuffer[] = [];

  /** `maxFrames` of 20 ms each. */
  constructor(private readonly maxFrames: number) {}

  get isEmpty(): boolean {
    return this.frames.length === 0;
  }

  /** Takes over a frame; false when an older one was lost for it. */
  push(frame: ArrayBuffer): boolean {
    this.frames.push(frame);
    if (this.frames.length <= this.maxFrames) return true;
    this.frames.shift();
    return false;
  }

  /** Takes out the oldest frames, as many as one message holds, in one piece; empty when there are none. */
  take(): ArrayBuffer {
    const frames = this.frames.splice(0, MESSAGE_FRAMES);
    const piece = new Uint8Array(frames.reduce((bytes, frame) => bytes + frame.byteLength, 0));
    let at = 0;
    for (const frame of frames) {
      piece.set(new Uint8Array(frame), at);
      at += frame.byteLength;
    }
    return piece.buffer;
  }

  clear(): void {
    this.frames.length = 0;
  }
}
