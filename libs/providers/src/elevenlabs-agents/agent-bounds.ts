import type { AgentAudioFormat } from './agent-audio-format';
import type { AgentFrame } from './agent-frame';

/** Speech that has come and cannot have been heard yet: longer than any reply. */
const MOST_AHEAD_MS = 300_000;
/** Of one transcript or reply. */
const MOST_CHARACTERS = 50_000;

/** How much an agent may say. What it sends is kept until it has been played, or has been shown, so that an agent without measure would take all memory. One per session. */
export class AgentBounds {
  #aheadMs = 0;
  #countedAtMs = 0;
  #partCharacters = 0;

  /** False when the frame is more than there can be. `nowMs`: a monotonic clock in milliseconds. */
  takes(frame: AgentFrame, output: AgentAudioFormat | undefined, nowMs: number): boolean {
    switch (frame.type) {
      case 'audio':
        return this.#takesAudio(frame.base64, output, nowMs);
      case 'reply_part':
        this.#partCharacters += frame.text.length;
        return this.#partCharacters <= MOST_CHARACTERS;
      case 'interruption':
        this.#aheadMs = 0;
        return true;
      case 'reply':
      case 'transcript':
        this.#partCharacters = 0;
        return frame.text.length <= MOST_CHARACTERS;
      case 'correction':
        return frame.text.length + frame.original.length <= 2 * MOST_CHARACTERS;
      default:
        return true;
    }
  }

  #takesAudio(base64: string, output: AgentAudioFormat | undefined, nowMs: number): boolean {
    if (!output) return true;
    const bytes = (base64.length * 3) / 4;
    const samples = output.encoding === 'ulaw' ? bytes : bytes / 2;
    this.#aheadMs = Math.max(0, this.#aheadMs - (nowMs - this.#countedAtMs)) + (samples * 1000) / output.sampleRateHz;
    this.#countedAtMs = nowMs;
    return this.#aheadMs <= MOST_AHEAD_MS;
  }
}
