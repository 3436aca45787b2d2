import type { SpeechAlignment } from '../playout/heard-text';
import type { PastConversation } from '../memory/memory';
import type { Stage } from './turn-policy';

/** What one window of audio contains, according to the voice activity detector. */
export interface VoiceWindow {
  /** The audio clock at the end of the window: milliseconds of audio received since the conversation began. */
  endMs: number;
  durationMs: number;
  activity: 'speech' | 'silence' | 'unclear';
  /**
   * Whether the speech that the window belongs to is clearly a voice by now, and not a cough. When it is left out, all speech counts as a
   * voice.
   */
  isSure?: boolean;
  /**
   * The audio clock at the last known voiced sample, which may lie before this window. When it is left out, a speech window is voiced to
   * its end.
   */
  voicedEndMs?: number;
}

/** Why a stage failed, in the providers' terms. */
export type FailureReason =
  | 'auth'
  | 'quota'
  | 'rate_limited'
  | 'invalid_request'
  | 'model_not_found'
  | 'unavailable'
  | 'timeout'
  | 'connection_lost'
  | 'bad_response';

/** The timer `inactivity` also enforces the maximum length of the conversation. */
export type TimerName = 'inactivity' | 'audio_gap' | 'stalled' | 'playback_overdue' | 'resume';
export type InterruptionReason = 'speech' | 'text' | 'button';
export type EndReason = 'client' | 'inactivity_timeout' | 'server_shutdown' | 'error';

/** One piece of a reply’s speech. The engine never reads `audio`: it passes it on or drops it. */
export interface SpeechAudio {
  /** PCM s16 mono at the output rate. */
  audio: Int16Array;
  durationMs: number;
  /** When the characters are spoken, as far as the voice reports it with this piece. */
  alignment?: SpeechAlignment;
}

/** What was decided about a turn of the user where several people share the conversation. */
export interface TurnVerdict {
  /** False: the turn is remembered, but not answered. */
  isAnswered: boolean;
  /** The name of whoever has spoken or typed the turn. It precedes the words in the memory. */
  speaker?: string;
}

/**
 * Everything that can happen in a conversation, named in the past tense. Results of asynchronous work carry the number of the utterance or
 * reply that they belong to (never reused within a conversation). The reducer drops results that belong to a past one.
 */
export type TurnEvent = UntimedTurnEvent & { /** Monotonic clock. */ atMs: number };

/** An event before it gets the time of its arrival. */
export type UntimedTurnEvent =
  /** `past`: what was said before, in a conversation that is continued. */
  | { type: 'conversation_started'; past?: PastConversation }
  /** Somebody else speaks into the microphone now. Undefined if nobody does, or if it is not known who. */
  | { type: 'speaker_changed'; speaker: string | undefined }
  /** Whether the turn is answered, and who has spoken it. Follows `judge_turn`. */
  | ({ type: 'turn_judged'; turn: number } & TurnVerdict)
  | { type: 'conversation_ended'; reason: EndReason }
  /** A frame has arrived. `window` is set when the frame completed one. `audioMs` is the audio clock after the frame. */
  | { type: 'audio_heard'; audioMs: number; window?: VoiceWindow }
  | { type: 'transcript_changed'; utterance: number; text: string }
  | { type: 'transcript_finished'; utterance: number; text: string }
  | { type: 'transcription_failed'; utterance: number; reason: FailureReason }
  | { type: 'text_received'; text: string }
  | { type: 'interrupt_requested' }
  | { type: 'reply_text_produced'; reply: number; text: string }
  | { type: 'reply_text_ended'; reply: number }
  | ({ type: 'reply_audio_produced'; reply: number } & SpeechAudio)
  | { type: 'reply_audio_ended'; reply: number }
  | { type: 'reply_failed'; reply: number; stage: 'llm' | 'tts'; reason: FailureReason }
  /** The audio was sent to the client. */
  | { type: 'audio_sent'; reply: number; durationMs: number }
  /** All audio of the reply was sent to the client. */
  | { type: 'audio_finished'; reply: number }
  | { type: 'playback_reported'; turn: number; event: 'started' | 'progress' | 'ended'; playedMs: number }
  | { type: 'timer_fired'; timer: TimerName };

export type TurnEventOf<Type extends TurnEvent['type']> = Extract<TurnEvent, { type: Type }>;

/** The fields that say which stage failed and why, for exhaustive mappings elsewhere. */
export interface StageFailure {
  stage: Stage;
  reason: FailureReason;
}
