import type { TurnNotification } from '../turns/turn-effect';
import type { EndReason, FailureReason, SpeechAudio } from '../turns/turn-event';
import type { AgentTimerName } from './agent-turn-event';

type SharedNotification = 'state_changed' | 'transcript' | 'reply_text' | 'interrupted' | 'turn_measured' | 'ending_soon';

/** The messages to the client. */
export type AgentTurnNotification =
  | Extract<TurnNotification, { type: SharedNotification }>
  | { type: 'tool'; turn: number; name: string; status: 'started' | 'ended' }
  /** The agent did not answer in time, or is not connected. The conversation continues unless the failure is `fatal`. */
  | { type: 'agent_failed'; turn: number; reason: FailureReason; fatal: boolean }
  /** Some of the user’s audio was dropped. */
  | { type: 'audio_dropped'; turn: number };

/** The actions that follow from a decision. One effect runner performs them in order. */
export type AgentTurnEffect =
  | ({ type: 'send_audio'; turn: number } & Pick<SpeechAudio, 'audio' | 'durationMs'>)
  /** Sent after the last audio: marks the speech of the turn as complete. */
  | { type: 'finish_audio'; turn: number }
  /** Drops the audio of the turn that was not sent yet. */
  | { type: 'cancel_audio'; turn: number }
  /** Sends text to the agent as a message of the user, which it answers. */
  | { type: 'send_text'; text: string }
  /** Asks whether the turn is answered. Returns as `turn_judged`. */
  | { type: 'judge_turn'; turn: number; text: string }
  /** Informs the agent about something, without an answer. */
  | { type: 'update_context'; text: string }
  /** Looks up the line which says that the agent cannot be reached. The result returns as `line_ready`. */
  | { type: 'take_notice' }
  /** Returns as `timer_fired`. Replaces a running timer of the same name. */
  | { type: 'set_timer'; timer: AgentTimerName; delayMs: number }
  | { type: 'clear_timer'; timer: AgentTimerName }
  | { type: 'notify'; notification: AgentTurnNotification }
  /** Releases everything. The last effect of a conversation. */
  | { type: 'end_session'; reason: EndReason };

export type EmitAgentEffect = (effect: AgentTurnEffect) => void;
