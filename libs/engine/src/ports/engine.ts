import type { ProviderInfo } from '@parley/providers';
import type { Connection } from './connection';
import type { Conversation } from './conversation';
import type { EngineStage } from './conversation-event';

/** Which providers an engine uses in its conversations, and the timing that applies to them. */
export interface EngineDescription {
  providers: Partial<Record<EngineStage, ProviderInfo>>;
  endOfTurnSilenceMs: number;
  inactivityTimeoutMs: number;
}

/** Opens conversations of one kind. Shared by all connections. */
export interface EngineFactory {
  describe(): EngineDescription;
  /** Resolves when the conversation listens. The caller must end it. If the promise rejects, there is no conversation. */
  open(connection: Connection): Promise<Conversation>;
}
