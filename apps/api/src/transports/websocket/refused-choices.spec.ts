import { rm } from 'node:fs/promises';
import { FakeProviders } from '@parley/engine/testing';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { FakeNarration } from '@parley/testing';
import { TestServer } from '../../testing/test-server';

describe('a server in production', () => {
  const settings = testSettings({ NODE_ENV: 'production' });
  let logger: RecordingLogger;
  let fakes: FakeProviders;
  let server: TestServer;
  beforeAll(async () => {
    logger = RecordingLogger.install();
    fakes = new FakeProviders();
    server = await TestServer.start(fakes.asProviders(), logger, settings, { narration: new FakeNarration() });
  });
  afterAll(async () => {
    await server.close();
    logger.restore();
    await rm(settings.episodes.dataDir, { recursive: true, force: true });
  });

  it('starts no conversation with a prompt or a voice of the client, says which field it is, and takes a start without it', async () => {
    const client = await server.connect();
    client.say({ type: 'start_conversation', system_prompt: 'Be rude.' });
    expect(await client.hears('error')).toMatchObject({
      code: 'not_allowed',
      message: expect.stringMatching(/^system_prompt /),
      fatal: false,
    });
    client.say({ type: 'start_conversation', voice_id: 'stranger' });
    expect(await client.hears('error', 2)).toMatchObject({ code: 'not_allowed', message: expect.stringMatching(/^voice_id /) });
    expect([client.of('conversation_started').length, fakes.open]).toEqual([0, 0]);
    client.say({ type: 'start_conversation', language: 'en-IN' });
    await client.hears('conversation_started');
    client.say({ type: 'end_conversation' });
    expect(await client.closed()).toBe(1000);
  });

  it('closes an agent’s connection with 1008 that asks for a voice that is not offered', async () => {
    const client = await server.connect({}, '/ws/agent?voice_id=stranger');
    expect(await client.closed()).toBe(1008);
    expect(client.of('error')).toEqual([{ type: 'error', code: 'not_allowed', message: expect.stringMatching(/^voice_id /), fatal: true }]);
    expect(client.of('conversation_started')).toEqual([]);
  });

  it('speaks no narration in a voice that is not offered, not even from its middle on', async () => {
    const client = await server.connect({}, '/ws/narration');
    client.say({ type: 'start_narration', voice_id: 'stranger' });
    expect(await client.hears('error')).toMatchObject({ code: 'not_allowed', message: expect.stringContaining('/api/narrations/options') });
    client.say({ type: 'start_narration', voice_id: 'anna' });
    client.say({ type: 'set_voice', voice_id: 'stranger' });
    expect(await client.hears('error', 2)).toMatchObject({ code: 'not_allowed', fatal: false });
    client.say({ type: 'set_voice', voice_id: 'ben' });
    client.say({ type: 'cancel' });
    expect(await client.closed()).toBe(1000);
    expect(client.of('error')).toHaveLength(2);
  });
});
