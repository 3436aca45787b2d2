import type { PastConversation } from '../memory/memory';
import type { EndReason, FailureReason, SpeechAudio, TurnVerdict } from '../turns/turn-event';

/**
 * The timer `playout` checks whether the turn of the agent is over: no event says when the agent has finished speaking, and an answer is
 * awaited only for a limited time. The timer `inactivity` also enforces the maximum length of the conversation.
 */
export type AgentTimerName = 'playout' | 'inactivity';

/** The lines that this server speaks in place of the agent: the greeting, and the notice that the agent cannot be reached. */
export type SpokenLineName = 'greeting' | 'notice';

/** Everything that can happen in a conversation with the agent, named in the past tense. */
export type AgentTurnEvent = UntimedAgentTurnEvent & { /** Monotonic clock. */ atMs: number };

/** An event before it gets the time of its arrival. */
export type UntimedAgentTurnEvent =
  /** `past`: what was said before, in a conversation that is continued. */
  | { type: 'conversation_started'; past?: PastConversation }
  /** Somebody else speaks into the microphone now. Undefined if nobody does, or if it is not known who. */
  | { type: 'speaker_changed'; speaker: string | undefined }
  /** Whether the turn is answered, and who has spoken it. Follows `judge_turn`. */
  | ({ type: 'turn_judged'; turn: number } & TurnVerdict)
  | { type: 'conversation_ended'; reason: EndReason }
  /** The agent is connected and listens, for the first time or again. */
  | { type: 'agent_connected' }
  /** The connection was lost and is being made again. */
  | { type: 'agent_lost'; reason: FailureReason }
  /** There is no connection, and no further attempt is made. */
  | { type: 'agent_failed'; reason: FailureReason }
  /** The agent has ended the conversation. What it has said may still be playing. */
  | { type: 'agent_hung_up' }
  /** The agent has asked this server to end the conversation after its last words. */
  | { type: 'hang_up_requested' }
  /** The agent has interrupted itself because the user speaks. */
  | { type: 'agent_interrupted' }
  | { type: 'transcript_changed'; text: string }
  | { type: 'transcript_finished'; text: string }
  | { type: 'text_received'; text: string }
  | { type: 'interrupt_requested' }
  /** A piece of the reply’s text, as it is written. */
  | { type: 'reply_text_part_produced'; text: string }
  /** A whole text of the reply. There may be several in a turn. */
  | { type: 'reply_text_produced'; text: string }
  /** The words that the agent assumes were heard of the reply that was stopped last. */
  | { type: 'reply_corrected'; original: string; text: string }
  | ({ type: 'reply_audio_produced' } & SpeechAudio)
  /** A line to be spoken in place of the agent, with its audio if there is any. */
  | { type: 'line_ready'; line: SpokenLineName; text: string; speech: SpeechAudio | undefined }
  | { type: 'tool_started'; name: string }
  | { type: 'tool_ended'; name: string }
  /** The audio was sent to the client. */
  | { type: 'audio_sent'; turn: number; durationMs: number }
  /** Some audio of the user was dropped while there was no connection. */
  | { type: 'audio_dropped' }
  | { type: 'playback_reported'; turn: number; event: 'started' | 'progress' | 'ended'; playedMs: number }
  | { type: 'timer_fired'; timer: AgentTimerName };

export type AgentTurnEventOf<Type extends AgentTurnEvent['type']> = Extract<AgentTurnEvent, { type: Type }>;
