import type { Connection, Conversation, EngineDescription, EngineFactory } from '@parley/engine';
import { TEST_ENGINE } from './connected-client';
import { RecordingEngine } from './recording-engine';

/** Creates engines that record their calls, and keeps each engine with the connection that it was created for. */
export class RecordingEngineFactory implements EngineFactory {
  readonly made: { connection: Connection; engine: RecordingEngine }[] = [];

  describe(): EngineDescription {
    return TEST_ENGINE;
  }

  async open(connection: Connection): Promise<Conversation> {
    const engine = new RecordingEngine();
    this.made.push({ connection, engine });
    return engine;
  }
}
