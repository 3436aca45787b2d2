import type { AudioOutput } from './audio-output';
import type { ConversationEvent } from './conversation-event';
import type { ConversationOptions } from './conversation-options';

/** What a transport gives an engine for one conversation: what is wanted, where speech is played, and who is told. */
export interface Connection {
  readonly options: ConversationOptions;
  readonly output: AudioOutput;
  /** Takes every event in order. Must not throw. */
  emit(event: ConversationEvent): void;
}
