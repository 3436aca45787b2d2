import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection, EngineFactory } from '@parley/engine';
import { FakeProviders } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { eventually } from '@parley/testing';
import { TEST_ENGINE } from '../../../testing/connected-client';
import { RecordingEngine } from '../../../testing/recording-engine';
import { type TestClient, TestServer } from '../../../testing/test-server';
import { ConnectionRegistry } from '../connection-registry';

const STALLED = 20;
/** A third of a second of speech. */
const SAMPLES = 8_000;
const EVERY_MS = 20;
/** What may wait for one client in the memory of the server: the limit, and what was sent before it was noticed. */
const MAX_WAITING_BYTES = 1.25 * 1024 * 1024;
const PATIENCE_MS = 80_000;

/** Speaks without end, and much faster than any voice. */
class EndlessSpeaker implements EngineFactory {
  private readonly timers: NodeJS.Timeout[] = [];

  describe(): typeof TEST_ENGINE {
    return TEST_ENGINE;
  }

  async open({ output }: Connection): Promise<RecordingEngine> {
    const pcm = new Int16Array(SAMPLES).fill(1);
    let seq = 0;
    this.timers.push(setInterval(() => output.play({ turn: 1, seq: seq++, pcm, last: false }), EVERY_MS));
    return new RecordingEngine();
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}

describe('Clients that read nothing of a long reply', () => {
  let logger: RecordingLogger;
  let speaker: EndlessSpeaker;
  let server: TestServer;

  beforeEach(async () => {
    logger = RecordingLogger.install();
    speaker = new EndlessSpeaker();
    server = await TestServer.start(new FakeProviders().asProviders(), logger, testSettings(), { engines: { pipeline: speaker } });
  });
  afterEach(async () => {
    speaker.stop();
    await server.close();
    logger.restore();
  });

  const start = async (): Promise<TestClient> => {
    const client = await server.connect();
    client.say({ type: 'start_conversation' });
    await client.hears('conversation_started');
    return client;
  };

  it(
    'are disconnected and fill no memory, and others hear the whole of it',
    async () => {
      const wires = new Set<Socket>();
      (server.app.getHttpServer() as Server).on('connection', (wire) => wires.add(wire));
      const honest = [await start(), await start()];
      const stalled = await Promise.all(Array.from({ length: STALLED }, start));
      for (const { socket } of stalled) socket.pause();

      const registry = server.app.get(ConnectionRegistry, { strict: false });
      let mostWaiting = 0;
      const isOver = (): boolean => {
        mostWaiting = Math.max(mostWaiting, ...[...wires].map((wire) => wire.writableLength));
        return registry.size === honest.length;
      };
      await eventually(isOver, 'the clients that read nothing to be disconnected', PATIENCE_MS);
      expect(mostWaiting).toBeLessThan(MAX_WAITING_BYTES);

      for (const client of honest) {
        const heard = client.frames.length;
        await eventually(() => client.frames.length > heard + 10, 'more speech');
        expect(client.closeCode).toBeUndefined();
        expect(client.of('notice')).toEqual([]);
        // Without a gap.
        expect(client.frames.at(-1)?.seq).toBe(client.frames.length - 1);
      }
      const metrics = await (await fetch(`${server.origin}/metrics`)).text();
      expect(metrics).toContain(`parley_refusals_total{reason="slow_reader"} ${STALLED}`);
    },
    PATIENCE_MS + 30_000,
  );
});
