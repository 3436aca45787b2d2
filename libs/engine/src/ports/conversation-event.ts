import type { FailureReason, Stage, TurnNotification } from '@parley/conversation';
import type { UsageKind } from '@parley/providers';

type Notified<Type extends TurnNotification['type']> = Extract<TurnNotification, { type: Type }>;

/** Where something can fail: the pipeline's three stages, or the vendor's whole agent. */
export type EngineStage = Stage | 'agent';

/** What happens in a conversation, in order. Transports translate the events for their clients, and the metrics count them. */
export type ConversationEvent =
  | Notified<'state_changed'>
  | Notified<'transcript'>
  | Notified<'reply_text'>
  /** The turn's answer was stopped. Its speech has been cleared from the output before this. */
  | Notified<'interrupted'>
  | ToolEvent
  | Notified<'turn_measured'>
  | FailureEvent
  | NoticeEvent
  | BudgetSpentEvent
  | Notified<'ending_soon'>
  /** The conversation is over and everything is released: the last event. */
  | Notified<'ended'>;

/** The agent uses one of this server's tools. */
export interface ToolEvent {
  type: 'tool';
  turn: number;
  name: string;
  status: 'started' | 'ended';
}

/** A stage has failed. The conversation continues unless `fatal` is set. */
export interface FailureEvent {
  type: 'failure';
  turn: number;
  stage: EngineStage;
  reason: FailureReason;
  fatal: boolean;
}

/** Something that the user should know, although nothing has failed. */
export interface NoticeEvent {
  type: 'notice';
  turn: number;
  /** `turn_limit`: the user's turn has reached its maximum length. `audio_dropped`: some of what the user said was lost. */
  notice: 'turn_limit' | 'audio_dropped';
}

/** Something that the conversation needs is used up. The conversation ends after this. */
export interface BudgetSpentEvent {
  type: 'budget_spent';
  kind: UsageKind | 'turns';
  /** Of what it is used up: of this conversation, of all conversations of its address, or of all conversations of the day. */
  scope: 'conversation' | 'address' | 'day';
  /** When there is something again, in ms from now. Left out if a new conversation may begin at once. */
  retryAfterMs?: number;
}

export type ConversationEventOf<Type extends ConversationEvent['type']> = Extract<ConversationEvent, { type: Type }>;
