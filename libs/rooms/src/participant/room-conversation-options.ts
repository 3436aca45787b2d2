import type { EndReason } from '@parley/conversation';
import type { ConversationMemory, ConversationOptions, EngineFactory, EngineLogger } from '@parley/engine';
import type { SpeechSink } from './audio/room-audio-output';
import type { JobMetadata } from './job-metadata';
import type { PersonFrame } from './people/speaker-selector';

export interface RoomConversationOptions {
  conversationId: string;
  engine: EngineFactory;
  metadata: JobMetadata;
  memory: ConversationMemory | undefined;
  sink: SpeechSink;
  /** The next 20 ms of everybody's microphone. Undefined if they are late, and worth waiting for. */
  takeFrames: () => PersonFrame[] | undefined;
  /** The names of the people in the room, by identity. */
  people: () => ReadonlyMap<string, string>;
  onMemory: (memory: ConversationMemory) => void;
  /** The conversation is over, and does not begin again. Once. `error`: another assistant may be able to go on. */
  onEnded: (reason: EndReason) => void;
  logger: EngineLogger;
  now: () => number;
}

/** What the engine is told of the nth conversation (from 1) in a room: each goes on with the memory of the one before. */
export function conversationOptions(
  { conversationId, metadata: { language, voiceId } }: Pick<RoomConversationOptions, 'conversationId' | 'metadata'>,
  count: number,
  memory: ConversationMemory | undefined,
): ConversationOptions {
  return {
    // Recordings are kept under this name.
    conversationId: count === 1 ? conversationId : `${conversationId}-${count}`,
    ...(language !== undefined && { language }),
    ...(voiceId !== undefined && { voiceId }),
    ...(memory && { memory }),
  };
}
