import type { EndReason, FailureReason, SpeechAudio } from '../turns/turn-event';

/**
 * `playout` looks whether the agent's turn is over: nobody tells when it has finished speaking, and an answer is owed for so long only.
 * `inactivity` also looks after the conversation's greatest length.
 */
export type AgentTimerName = 'playout' | 'inactivity';

/** Sentences that this server says in the agent's place: the greeting, and that the agent cannot be reached. */
export type SpokenLineName = 'greeting' | 'notice';

/** Everything that happens to a conversation with the agent, in the past tense. */
export type AgentTurnEvent = UntimedAgentTurnEvent & { /** Monotonic clock. */ atMs: number };

/** An event before it is stamped on its arrival. */
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
