import type { ProviderInfo } from '@parley/providers';
import type { Connection } from './connection';
import type { Conversation } from './conversation';
import type { EngineStage } from './conversation-event';

/** Who answers in an engine's conversations, and the timing in force. */
export interface EngineDescription {
  providers: Partial<Record<EngineStage, ProviderInfo>>;
  endOfTurnSilenceMs: number;
  inactivityTimeoutMs: number;
}

/** Opens conversations of one kind. Shared by all connections. */
export interface EngineFactory {
  describe(): EngineDescription;
  /** The conversation listens when this resolves. The caller ends it. A rejection means that there is no conversation. */
  open(connection: Connection): Promise<Conversation>;
}
