import type { VoiceWindow } from '@parley/audio';

/** What a conversation wants to know of a window of audio. The object may be used again for the next one. */
export type HeardWindow = Pick<VoiceWindow, 'endMs' | 'activity'> & Partial<Pick<VoiceWindow, 'isSure' | 'voicedEndMs'>>;

/** Tells the user's speech from everything else on one microphone. One per conversation; holds no resources. */
export interface VoiceDetector {
  /** PCM s16 mono 16 kHz, any length; calls back for every window that it completes. */
  push(frame: Int16Array, onWindow: (window: HeardWindow) => void): void;
  /** While the assistant is heard, more is asked of the user's voice. */
  setAssistantSpeaking(active: boolean): void;
}

/** Makes the detector of a conversation. */
export type NewVoiceDetector = () => VoiceDetector;
