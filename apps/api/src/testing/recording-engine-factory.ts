import type { ConversationStarted, EngineName } from '@parley/protocol';
import type { Connection } from '../engines/connection/connection-scoped';
import type { ConversationEngine, EngineFactory } from '../engines/session/conversation-engine';
import { startedMessage } from './connected-client';
import { RecordingEngine } from './recording-engine';

/** Makes engines that keep what they are told, and keeps what they were made for. */
export class RecordingEngineFactory implements EngineFactory {
  readonly made: { connection: Connection; engine: RecordingEngine }[] = [];

  constructor(private readonly name: EngineName) {}

  describe({ id }: Connection): ConversationStarted {
    return startedMessage(this.name, id);
  }

  async open(connection: Connection): Promise<ConversationEngine> {
    const engine = new RecordingEngine();
    this.made.push({ connection, engine });
    return engine;
  }
}
