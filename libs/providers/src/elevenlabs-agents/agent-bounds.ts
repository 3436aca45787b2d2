import type { AgentAudioFormat } from './agent-audio-format';
import type { AgentFrame } from './agent-frame';

/** Limit of audio that has arrived but cannot have been played yet. It is longer than any reply. */
const MOST_AHEAD_MS = 300_000;
/** Limit of one transcript or one reply. */
const MOST_CHARACTERS = 50_000;

/**
 * Limits how much an agent may send. Its messages are kept until they have been played or shown, so an agent that sends without end would
 * use up all memory. There is one instance for each session.
 */
export class AgentBounds {
  #aheadMs = 0;
  #countedAtMs = 0;
  #partCharacters = 0;

  /** Returns false if the frame exceeds the limits. `nowMs` is the time of a monotonic clock in milliseconds. */
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
