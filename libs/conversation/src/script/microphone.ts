import type { UntimedTurnEvent, VoiceWindow } from '../lib/turn-event';

const FRAME_MS = 20;
const WINDOW_MS = 32;

/** Turns milliseconds of sound into frames, with the windows that a voice activity detector would make of them. */
export class Microphone {
  /** Audio clock. */
  audioMs = 0;
  private heardMs = { speech: 0, unclear: 0, silence: 0 };
  private window: VoiceWindow | undefined;

  /** One more millisecond; returns the frame that it completes. A window is speech, or unclear, when at least half of it is. */
  hearMs(activity: VoiceWindow['activity']): UntimedTurnEvent | undefined {
    this.audioMs++;
    this.heardMs[activity]++;
    if (this.audioMs % WINDOW_MS === 0) this.completeWindow();
    if (this.audioMs % FRAME_MS !== 0) return undefined;
    const { window } = this;
    this.window = undefined;
    return { type: 'audio_heard', audioMs: this.audioMs, ...(window && { window }) };
  }

  /** Until the next window begins. */
  get leftOfWindowMs(): number {
    return (WINDOW_MS - (this.audioMs % WINDOW_MS)) % WINDOW_MS;
  }

  private completeWindow(): void {
    const { speech, unclear } = this.heardMs;
    const activity = speech >= WINDOW_MS / 2 ? 'speech' : unclear >= WINDOW_MS / 2 ? 'unclear' : 'silence';
    this.window = { endMs: this.audioMs, durationMs: WINDOW_MS, activity };
    this.heardMs = { speech: 0, unclear: 0, silence: 0 };
  }
}
