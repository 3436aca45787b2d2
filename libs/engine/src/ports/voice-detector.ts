import type { VoiceWindow } from '@parley/audio';

/** What was detected in one window of audio. The object may be reused for the next window. */
export type HeardWindow = Pick<VoiceWindow, 'endMs' | 'activity'> & Partial<Pick<VoiceWindow, 'isSure' | 'voicedEndMs'>>;

/** Distinguishes the user's speech from all other sound of one microphone. One per conversation. It holds no resources. */
export interface VoiceDetector {
  /** Takes PCM (16-bit mono at 16 kHz) of any length, and calls back for every completed window. */
  push(frame: Int16Array, onWindow: (window: HeardWindow) => void): void;
  /** While the assistant is heard, only a louder sound counts as the user's voice. */
  setAssistantSpeaking(active: boolean): void;
}

/** Makes the detector of a conversation. */
export type NewVoiceDetector = () => VoiceDetector;
