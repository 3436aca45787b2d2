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
  /** `text` is what is new; the final one brings the whole reply. One that is stopped while it is spoken has another one, with what was heard. */
  | { type: 'reply_text'; turn: number; text: string; final?: { fullText: string; heardText?: string } }
  | { type: 'interrupted'; turn: number; reason: InterruptionReason }
  | { type: 'ducked'; turn: number; active: boolean }
  /** Stand still at the sample that is being played, or go on from it. */
  | { type: 'paused'; turn: number; active: boolean }
  | TurnMeasured
  /** The user has spoken for as long as one turn may be; it is answered now. */
  | { type: 'turn_limit_reached'; turn: number }
  /** The conversation will have had its greatest length in `inMs`. */
  | { type: 'ending_soon'; inMs: number }
  | ({ type: 'stage_failed'; turn: number } & StageFailure)
  /** `drafts`: those that no turn was measured with. */
  | { type: 'ended'; reason: EndReason; drafts?: DraftCounts; draftsTotal?: DraftCounts };

interface TurnMeasured {
  type: 'turn_measured';
  turn: number;
  marks: TurnMarks;
  speculative: boolean;
  /** Those since the last turn that was measured, if there were any... */
  drafts?: DraftCounts;
  /** ...and all of the conversation. */
  draftsTotal?: DraftCounts;
  /** Of a reply that was stopped while it was spoken. */
  heardText?: string;
}

/** The actions that follow from a decision. One effect runner performs them in order, and nothing else starts or cancels work. */
export type TurnEffect =
  /** Open an utterance at the recogniser and give it the audio from `fromAudioMs` (audio clock) on. */
  | { type: 'open_utterance'; utterance: number; fromAudioMs: number }
  /** No more audio for it: finalise. */
  | { type: 'finish_utterance'; utterance: number }
  | { type: 'discard_utterance'; utterance: number }
  /** Ask the language model; the reply's text comes back as events. */
  | { type: 'start_reply'; reply: number; messages: ChatMessage[] }
  /** The next sentence of the reply for the voice; the first opens its stream. */
  | { type: 'speak'; reply: number; text: string }
  /** The voice has got all of the reply's text. */
  | { type: 'finish_speech'; reply: number }
  /** Say a prepared sentence, on whatever still works. */
  | { type: 'speak_fallback'; reply: number; stage: Stage; text: string }
  /** Stop all work of the reply and drop its unsent audio. */
  | { type: 'cancel_reply'; reply: number }
  | ({ type: 'send_audio'; reply: number; turn: number } & SpeechAudio)
  /** After the last audio: mark the turn's speech as whole. */
  | { type: 'finish_audio'; reply: number; turn: number }
  /** Keep back what has not left for the client; with `false`, send it. A listener's position stands still meanwhile. */
  | { type: 'hold_audio'; active: boolean }
  /** Tells the voice activity detector to expect the assistant's own echo. */
  | { type: 'expect_echo'; active: boolean }
  /** Comes back as `timer_fired`; takes the place of a timer of that name that is still running. */
  | { type: 'set_timer'; timer: TimerName; delayMs: number }
  | { type: 'clear_timer'; timer: TimerName }
  | { type: 'notify'; notification: TurnNotification }
  /** Release everything; the last effect of a conversation. */
  | { type: 'end_session'; reason: EndReason };

export type Emit = (effect: TurnEffect) => void;
