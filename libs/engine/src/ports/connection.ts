import type { UsageMeter } from '@parley/providers';
import type { AudioOutput } from './audio-output';
import type { Audience } from './audience';
import type { ConversationEvent } from './conversation-event';
import type { ConversationOptions } from './conversation-options';

/** What a transport gives to an engine for one conversation: the options, the output for speech, and the receiver of events. */
export interface Connection {
  readonly options: ConversationOptions;
  readonly output: AudioOutput;
  /** Where several people share the conversation. If left out, every turn of the one user is answered. */
  readonly audience?: Audience;
  /** Whoever is connected, as an opaque text that is the same for all conversations of one client. If left out, it is not known. */
  readonly address?: string;
  /** Counts what the conversation uses of the vendors. If left out, it may use anything. */
  readonly meter?: UsageMeter;
  /** Receives every event in order. Must not throw. */
  emit(event: ConversationEvent): void;
}
