import { VOICE_WINDOW_MS, type VoiceActivity } from '@parley/audio';
import type { HeardWindow, VoiceDetector } from '../ports/voice-detector';
import { LEVEL } from './microphone';

const WINDOW_SAMPLES = VOICE_WINDOW_MS * 16;

/** Detects what the test microphone means: the first sample of a window decides about the whole window. */
export class FakeVoiceDetector implements VoiceDetector {
  /** Every change between the assistant speaking (true) and not speaking (false), in order. */
  readonly echo: boolean[] = [];
  private samples = 0;
  private activity: VoiceActivity = 'silence';
  private voicedEndMs = 0;

  push(frame: Int16Array, onWindow: (window: HeardWindow) => void): void {
    for (const sample of frame) {
      if (this.samples % WINDOW_SAMPLES === 0)
        this.activity = sample >= LEVEL.speech ? 'speech' : sample >= LEVEL.unclear ? 'unclear' : 'silence';
      this.samples += 1;
      if (sample >= LEVEL.speech) this.voicedEndMs = this.samples / 16;
      if (this.samples % WINDOW_SAMPLES !== 0) continue;
      onWindow({ endMs: this.samples / 16, activity: this.activity, voicedEndMs: this.voicedEndMs });
    }
  }

  setAssistantSpeaking(active: boolean): void {
    this.echo.push(active);
  }
}
