import type { EndReason, FailureReason, SpeechAudio } from '../turns/turn-event';

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
  | { type: 'conversation_started' }
  | { type: 'conversation_ended'; reason: EndReason }
  /** The agent listens: for the first time, or again. */
  | { type: 'agent_connected' }
  /** The connection is gone and is being made again. */
  | { type: 'agent_lost'; reason: FailureReason }
  /** There is no connection and will be none. */
  | { type: 'agent_failed'; reason: FailureReason }
  /** The agent has ended the conversation; what it has said may still be heard. */
  | { type: 'agent_hung_up' }
  /** The agent has asked this server to end the conversation behind its last words. */
  | { type: 'hang_up_requested' }
  /** The agent has stopped itself: the user speaks. */
  | { type: 'agent_interrupted' }
  | { type: 'transcript_changed'; text: string }
  | { type: 'transcript_finished'; text: string }
  | { type: 'text_received'; text: string }
  | { type: 'interrupt_requested' }
  /** A piece of the reply's text, as it is written. */
  | { type: 'reply_text_part_produced'; text: string }
  /** A whole text of the reply; there may be several in a turn. */
  | { type: 'reply_text_produced'; text: string }
  /** What the agent takes to have been heard of the reply that was stopped last. */
  | { type: 'reply_corrected'; original: string; text: string }
  | ({ type: 'reply_audio_produced' } & SpeechAudio)
  /** A sentence to be said in the agent's place, if there is audio of it. */
  | { type: 'line_ready'; line: SpokenLineName; text: string; speech: SpeechAudio | undefined }
  | { type: 'tool_started'; name: string }
  | { type: 'tool_ended'; name: string }
  /** The audio has left for the client. */
  | { type: 'audio_sent'; turn: number; durationMs: number }
  /** Some of what the user said while there was no connection is lost. */
  | { type: 'audio_dropped' }
  | { type: 'playback_reported'; turn: number; event: 'started' | 'progress' | 'ended'; playedMs: number }
  | { type: 'timer_fired'; timer: AgentTimerName };

export type AgentTurnEventOf<Type extends AgentTurnEvent['type']> = Extract<AgentTurnEvent, { type: Type }>;
