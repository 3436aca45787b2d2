import type { UntimedTurnEvent, VoiceWindow } from '../turns/turn-event';

const FRAME_MS = 20;
const WINDOW_MS = 32;

/** To a detector that does not know yet whether a sound is a voice, a cough is speech. */
export type Sound = VoiceWindow['activity'] | 'cough';

/** Turns milliseconds of sound into frames, with the windows that a voice activity detector would report for them. */
export class Microphone {
  /** The audio clock. */
  audioMs = 0;
  private heardMs = { speech: 0, cough: 0, unclear: 0, silence: 0 };
  private window: VoiceWindow | undefined;

  /** Adds one millisecond and returns the frame that it completes. A window is speech, a cough or unclear when at least half of it is. */
  hearMs(sound: Sound): UntimedTurnEvent | undefined {
    this.audioMs++;
    this.heardMs[sound]++;
    if (this.audioMs % WINDOW_MS === 0) this.completeWindow();
    if (this.audioMs % FRAME_MS !== 0) return undefined;
    const { window } = this;
    this.window = undefined;
    return { type: 'audio_heard', audioMs: this.audioMs, ...(window && { window }) };
  }

  /** The milliseconds until the next window begins. */
  get leftOfWindowMs(): number {
    return (WINDOW_MS - (this.audioMs % WINDOW_MS)) % WINDOW_MS;
  }

  private completeWindow(): void {
    const { speech, cough, unclear } = this.heardMs;
    const isCough = cough >= WINDOW_MS / 2;
    const activity = isCough || speech >= WINDOW_MS / 2 ? 'speech' : unclear >= WINDOW_MS / 2 ? 'unclear' : 'silence';
    this.window = { endMs: this.audioMs, durationMs: WINDOW_MS, activity, ...(isCough && { isSure: false }) };
    this.heardMs = { speech: 0, cough: 0, unclear: 0, silence: 0 };
  }
}
