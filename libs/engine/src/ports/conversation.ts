import type { EndReason } from '@parley/conversation';
import type { ConversationMemory } from './conversation-memory';

/** How much of a turn's speech the listener has heard. */
export interface PlaybackReport {
  turn: number;
  event: 'started' | 'progress' | 'ended';
  /** The duration of the turn's speech that was heard, counted from its beginning. */
  playedMs: number;
}

/** One running conversation. Every engine implements this interface, and every transport uses it. */
export interface Conversation {
  /** Whether the user speaks or is being answered, so that an end would cut a turn off. */
  readonly isInTurn: boolean;
  /** PCM, 16-bit mono at `INPUT_SAMPLE_RATE_HZ`, of any length. It is read before the call returns. */
  pushAudio(pcm: Int16Array): void;
  /** The user has sent a typed message. */
  pushText(text: string): void;
  /** The user has pressed the stop button. */
  interrupt(): void;
  reportPlayback(report: PlaybackReport): void;
  /** What has been said so far. Can be continued with `ConversationOptions.memory`, also after the end. */
  memory(): ConversationMemory;
  /** Ends the conversation and releases everything. Idempotent. */
  end(reason: EndReason): void;
}
