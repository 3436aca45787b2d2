import { FRAME_MS, FRAME_SAMPLES } from '../ports';
import { pass } from './virtual-time';

/** The sample values that stand for each activity. The fake detector recognises them. */
export const LEVEL = { silence: 0, unclear: 500, speech: 1_000 } as const;

/** A user at a microphone who sends a frame every 20 ms of virtual time. */
export class Microphone {
  constructor(private readonly engine: { pushAudio(pcm: Int16Array): void }) {}

  speak(durationMs: number): Promise<void> {
    return this.send(LEVEL.speech, durationMs);
  }

  mumble(durationMs: number): Promise<void> {
    return this.send(LEVEL.unclear, durationMs);
  }

  hush(durationMs: number): Promise<void> {
    return this.send(LEVEL.silence, durationMs);
  }

  /** Speaks for a second, and is then silent until the default policy ends the turn. */
  async saySomething(): Promise<void> {
    await this.speak(1_000);
    await this.hush(1_000);
  }

  private async send(level: number, durationMs: number): Promise<void> {
    for (let sentMs = 0; sentMs < durationMs; sentMs += FRAME_MS) {
      await pass(FRAME_MS);
      this.engine.pushAudio(new Int16Array(FRAME_SAMPLES).fill(level));
    }
    await pass(0);
  }
}
