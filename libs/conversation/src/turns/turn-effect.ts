import type { DraftCounts } from './draft-counts';
import type { ChatMessage } from '../memory/memory';
import type { TurnMarks } from './turn-marks';
import type { EndReason, InterruptionReason, SpeechAudio, StageFailure, TimerName } from './turn-event';
import type { Stage } from './turn-policy';

export type Phase = 'IDLE' | 'USER_SPEAKING' | 'AI_PROCESSING' | 'AI_SPEAKING';

/** The messages to the client. */
export type TurnNotification =
  | { type: 'state_changed'; phase: Phase; turn: number }
  | { type: 'transcript'; turn: number; text: string; isFinal: boolean }
  /**
   * `text` is the new part, and the final message has the whole reply. A reply that is stopped while it is spoken gets one more, with the
   * heard part.
   */
  | { type: 'reply_text'; turn: number; text: string; final?: { fullText: string; heardText?: string } }
  | { type: 'interrupted'; turn: number; reason: InterruptionReason }
  | { type: 'ducked'; turn: number; active: boolean }
  /** Pause playback at the current sample, or continue from it. */
  | { type: 'paused'; turn: number; active: boolean }
  | TurnMeasured
  /** The user has spoken for the maximum length of a turn, which is answered now. */
  | { type: 'turn_limit_reached'; turn: number }
  /** The conversation will reach its maximum length in `inMs`. */
  | { type: 'ending_soon'; inMs: number }
  | ({ type: 'stage_failed'; turn: number } & StageFailure)
  /** `drafts`: the drafts that no measured turn has reported. */
  | { type: 'ended'; reason: EndReason; drafts?: DraftCounts; draftsTotal?: DraftCounts };

interface TurnMeasured {
  type: 'turn_measured';
  turn: number;
  marks: TurnMarks;
  speculative: boolean;
  /** The drafts since the last measured turn, if there were any. */
  drafts?: DraftCounts;
  /** The drafts of the whole conversation. */
  draftsTotal?: DraftCounts;
  /** The heard part of a reply that was stopped while it was spoken. */
  heardText?: string;
}

/** The actions that follow from a decision. One effect runner performs them in order, and nothing else starts or cancels work. */
export type TurnEffect =
  /** Opens an utterance at the recogniser and sends it the audio from `fromAudioMs` (audio clock) on. */
  | { type: 'open_utterance'; utterance: number; fromAudioMs: number }
  /** Ends the audio of the utterance, so that the recogniser finalises. */
  | { type: 'finish_utterance'; utterance: number }
  | { type: 'discard_utterance'; utterance: number }
  /**
   * Asks whether the turn is answered, now that its words are known. Returns as `turn_judged`. `heard`: the audio clock from its first to its
   * last voiced sample; undefined for a turn that was only typed.
   */
  | { type: 'judge_turn'; turn: number; text: string; heard: { fromMs: number; toMs: number } | undefined }
  /**
   * Sends a request to the language model. The text of the reply returns as events. `speculative`: the reply is a draft, which is thrown
   * away if the user goes on. When a draft is confirmed, there is no second effect.
   */
  | { type: 'start_reply'; reply: number; messages: ChatMessage[]; speculative: boolean }
  /** Sends the next sentence of the reply to the voice. The first one opens the stream. */
  | { type: 'speak'; reply: number; text: string }
  /** The voice has received all text of the reply. */
  | { type: 'finish_speech'; reply: number }
  /** Speaks a prepared sentence with whatever still works. */
  | { type: 'speak_fallback'; reply: number; stage: Stage; text: string }
  /** Stops all work on the reply and drops its unsent audio. */
  | { type: 'cancel_reply'; reply: number }
  | ({ type: 'send_audio'; reply: number; turn: number } & SpeechAudio)
  /** Sent after the last audio: marks the speech of the turn as complete. */
  | { type: 'finish_audio'; reply: number; turn: number }
  /** Holds back unsent audio, or sends it again with `false`. The position of the listener does not move in the meantime. */
  | { type: 'hold_audio'; active: boolean }
  /** Tells the voice activity detector to expect the echo of the assistant. */
  | { type: 'expect_echo'; active: boolean }
  /** Returns as `timer_fired`. Replaces a running timer of the same name. */
  | { type: 'set_timer'; timer: TimerName; delayMs: number }
  | { type: 'clear_timer'; timer: TimerName }
  | { type: 'notify'; notification: TurnNotification }
  /** Releases everything. The last effect of a conversation. */
  | { type: 'end_session'; reason: EndReason };

export type Emit = (effect: TurnEffect) => void;
