import { FakeProviders } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { TestServer } from '../testing/test-server';

jest.mock('livekit-server-sdk', () => {
  throw new Error('the package of LiveKit was loaded');
});

describe('the packages of LiveKit', () => {
  const ROOMS = { LIVEKIT_URL: 'ws://127.0.0.1:1', LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 'secret_secret_secret_secret_secret' };
  let logger: RecordingLogger;
  beforeEach(() => void (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  it.each<[what: string, environment: Record<string, string>, warnings: number]>([
    ['are not loaded by a server without rooms', {}, 0],
    ['do not keep a server with rooms from its conversations when they cannot be loaded', ROOMS, 1],
  ])('%s', async (_, environment, warnings) => {
    const server = await TestServer.start(new FakeProviders().asProviders(), logger, testSettings(environment));
    try {
      const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"identity":"anna"}' };
      expect((await fetch(`${server.origin}/api/rooms`, request)).status).toBe(503);
      const config: unknown = await (await fetch(`${server.origin}/api/config`)).json();
      expect(config).toMatchObject({ rooms: { available: false } });
      const client = await server.connect();
      client.say({ type: 'start_conversation' });
      await client.hears('state');
      expect(logger.lines.filter((line) => JSON.stringify(line).includes('rooms cannot be opened'))).toHaveLength(warnings);
    } finally {
      await server.close();
    }
  });
});
