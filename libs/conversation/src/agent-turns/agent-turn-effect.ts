import type { TurnNotification } from '../turns/turn-effect';
import type { EndReason, FailureReason, SpeechAudio } from '../turns/turn-event';
import type { AgentTimerName } from './agent-turn-event';

type SharedNotification = 'state_changed' | 'transcript' | 'reply_text' | 'interrupted' | 'turn_measured' | 'ending_soon';

/** The messages to the client. */
export type AgentTurnNotification =
  | Extract<TurnNotification, { type: SharedNotification }>
  | { type: 'tool'; turn: number; name: string; status: 'started' | 'ended' }
  /** The agent did not give what it owed, or is not there; the conversation goes on unless it is `fatal`. */
  | { type: 'agent_failed'; turn: number; reason: FailureReason; fatal: boolean }
  /** Some of what the user said is lost. */
  | { type: 'audio_dropped'; turn: number };

/** The actions that follow from a decision. One effect runner performs them in order. */
export type AgentTurnEffect =
  | ({ type: 'send_audio'; turn: number } & Pick<SpeechAudio, 'audio' | 'durationMs'>)
  /** After the last audio: mark the turn's speech as whole. */
  | { type: 'finish_audio'; turn: number }
  /** Drop what of the turn's audio has not left. */
  | { type: 'cancel_audio'; turn: number }
  /** Say this to the agent in the user's name: it answers. */
  | { type: 'send_text'; text: string }
  /** Let the agent know this: it does not answer. */
  | { type: 'update_context'; text: string }
  /** Look for the sentence which says that the agent cannot be reached; comes back as `line_ready`. */
  | { type: 'take_notice' }
  /** Comes back as `timer_fired`; takes the place of a timer of that name that is still running. */
  | { type: 'set_timer'; timer: AgentTimerName; delayMs: number }
  | { type: 'clear_timer'; timer: AgentTimerName }
  | { type: 'notify'; notification: AgentTurnNotification }
  /** Release everything; the last effect of a conversation. */
  | { type: 'end_session'; reason: EndReason };

export type EmitAgentEffect = (effect: AgentTurnEffect) => void;
