import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { FakeProviders } from '@parley/engine/testing';
import type { SessionToken, SessionTokenPurpose } from '@parley/protocol';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { FakeNarration } from '@parley/testing';
import { WebSocket } from 'ws';
import { TestServer } from '../../testing/test-server';
import { ConnectionRegistry } from '../websocket/connection-registry';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';

describe('a server that needs session tokens', () => {
  const settings = testSettings({ SESSION_TOKEN_SECRET: SECRET });
  let logger: RecordingLogger;
  let server: TestServer;
  let page: Record<string, string>;
  beforeAll(async () => {
    logger = RecordingLogger.install();
    server = await TestServer.start(new FakeProviders().asProviders(), logger, settings, { narration: new FakeNarration() });
    page = { origin: server.origin };
  });
  afterAll(async () => {
    await server.close();
    logger.restore();
    await rm(settings.episodes.dataDir, { recursive: true, force: true });
  });

  async function issue(purpose: SessionTokenPurpose = 'conversation'): Promise<string> {
    const answer = await fetch(`${server.origin}/api/session-tokens`, {
      method: 'POST',
      headers: { ...page, 'content-type': 'application/json' },
      body: JSON.stringify({ purpose }),
    });
    return ((await answer.json()) as SessionToken).token;
  }
  const connections = (): number => server.app.get(ConnectionRegistry, { strict: false }).size;
  /** The status of the answer to an upgrade that is refused. */
  async function refusal(path: string): Promise<number | undefined> {
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}${path}`);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    response.resume();
    return response.statusCode;
  }

  it('tells pages that it does', async () => {
    expect(await (await fetch(`${server.origin}/api/config`)).json()).toMatchObject({ session_token: true });
  });

  it.each([{}, { origin: 'own' }])('holds a conversation with a client that has a token, with the headers %j', async (headers) => {
    const client = await server.connect('origin' in headers ? page : {}, `/ws?token=${await issue()}`);
    client.say({ type: 'start_conversation' });
    await client.hears('state');
    client.say({ type: 'end_conversation' });
    expect(await client.closed()).toBe(1000);
  });

  it('lets in to the agent and to narrations with tokens for them', async () => {
    for (const [path, purpose] of [
      ['/ws/agent', 'conversation'],
      ['/ws/narration', 'narration'],
    ] as const) {
      const client = await server.connect({}, `${path}?token=${await issue(purpose)}`);
      await client.hears('connection_established');
      client.socket.terminate();
    }
  });

  it.each(['/ws', '/ws/agent', '/ws/narration'])(
    'answers with 401 at %s when a program has no token, a used one or another',
    async (path) => {
      const purpose = path === '/ws/narration' ? 'narration' : 'conversation';
      const used = await issue(purpose);
      const client = await server.connect({}, `${path}?token=${used}`);
      client.socket.terminate();
      const other = await issue('rooms');
      for (const query of ['', '?token=', '?token=x.y.z', `?token=${used}`, `?token=${other}`])
        expect(await refusal(path + query)).toBe(401);
    },
  );

  it.each(['/ws', '/ws/agent', '/ws/narration'])('tells a page at %s why it is not let in, and makes nothing for it', async (path) => {
    const before = connections();
    const client = await server.connect(page, `${path}?token=x.y.z`);
    expect(connections()).toBe(before);
    expect(await client.closed()).toBe(1008);
    expect(client.messages).toEqual([{ type: 'error', code: 'not_authorized', message: expect.stringContaining('token'), fatal: true }]);
    expect(connections()).toBe(before);
  });

  it('hears nothing of what a page sends that is not let in', async () => {
    const client = await server.connect(page, '/ws');
    for (let count = 0; count < 100; count += 1) client.say({ type: 'start_conversation' });
    expect(await client.closed()).toBe(1008);
    expect(client.messages).toHaveLength(1);
  });

  it('answers as without tokens at other paths and to what is no WebSocket', async () => {
    expect(await refusal('/ws/other')).toBe(404);
    expect((await fetch(`${server.origin}/api/health`)).status).toBe(200);
  });

  it('needs one for what changes or costs something of episodes, and none for reading', async () => {
    const ask = async (method: string, path: string, token?: string): Promise<number> =>
      (
        await fetch(`${server.origin}/api${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
          ...(method === 'POST' && { body: '{}' }),
        })
      ).status;
    for (const path of ['/narrations', '/narrations/check', '/shows', '/voices/anna/preview']) expect(await ask('POST', path)).toBe(401);
    expect(await ask('DELETE', '/narrations/00000000-0000-4000-8000-000000000000')).toBe(401);
    expect(await ask('POST', '/narrations', await issue('conversation'))).toBe(401);
    const token = await issue('episodes');
    expect([await ask('POST', '/narrations', token), await ask('POST', '/narrations', token)]).toEqual([400, 401]);
    expect(await ask('GET', '/narrations/options')).toBe(200);
  });

  it('writes no token to its log', async () => {
    const token = await issue();
    const client = await server.connect({}, `/ws?token=${token}`);
    client.socket.send(Buffer.alloc(2_000_000));
    await client.closed();
    await refusal(`/ws?token=${token}`);
    expect(logger.text).not.toContain(token);
    expect(logger.text).not.toContain(token.split('.')[2]);
  });
});
