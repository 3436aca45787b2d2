import type { Connection, Conversation, EngineDescription, EngineFactory } from '@parley/engine';
import { TEST_ENGINE } from './connected-client';
import { RecordingEngine } from './recording-engine';

/** Makes engines that keep what they are told, and keeps what they were made for. */
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
