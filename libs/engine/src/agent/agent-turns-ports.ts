import type { ConversationEvent } from '../ports';
import type { AudioOutbox } from '../output/audio-outbox';
import type { ConversationHistory } from './conversation-history';

/** Where what happens in the turns goes. */
export interface AgentTurnsPorts {
  emit(event: ConversationEvent): void;
  outbox: Pick<AudioOutbox, 'push' | 'finish' | 'cancel'>;
  /** Drops what of a turn's speech has left and was not heard. */
  clear(turn: number): void;
  history: ConversationHistory;
  /** Something was said or heard, now or at `atMs`: the conversation is alive. */
  active(atMs?: number): void;
  /** A reply is over, one way or the other, and the user has the turn. */
  quiet(): void;
  /** The agent owes an answer and gives none. */
  stalled(): void;
  /** The user stopped the agent without the agent noticing. */
  stoppedHere(heard: string): void;
  now(): number;
}

export interface AgentTurnsOptions {
  /** An answer that is owed must come within this. */
  stallTimeoutMs: number;
  playerBufferMs: number;
}
