import { once } from 'node:events';
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { PublicConfig } from '@parley/protocol';
import { ServerProcess } from '@parley/testing/client';
import { useSharedServer } from './support/suite';

const SECRET = 'secret_secret_secret_secret_secret';
const TOKEN = 'token-of-the-operator';
const REQUESTS = [
  ['POST', '/api/rooms'],
  ['GET', '/api/rooms'],
  ['GET', '/api/rooms/kitchen/participants'],
  ['DELETE', '/api/rooms/kitchen/participants/anna'],
  ['DELETE', '/api/rooms/kitchen'],
  ['POST', '/api/rooms/kitchen/recording'],
  ['DELETE', '/api/rooms/kitchen/recording'],
  ['POST', '/api/rooms/kitchen/ingress'],
] as const;

interface Answer {
  status: number;
  message: string;
}

async function ask(url: string, method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const json = body === undefined ? {} : { body, headers: { 'content-type': 'application/json', ...headers } };
  const answer = await fetch(`${url}${path}`, { method, headers, ...json });
  const { message = '' } = (await answer.json()) as Partial<Answer>;
  return { status: answer.status, message };
}

describe('A server without rooms', () => {
  const server = useSharedServer();

  it.each([...REQUESTS, ['POST', '/api/livekit/webhook'] as const])('answers %s %s with what is missing', async (method, path) => {
    expect(await ask(server.url, method, path)).toEqual({
      status: 503,
      message:
        'There are no rooms on this server: they need a LiveKit server, and LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not set.',
    });
  });

  it('says so in its configuration', async () => {
    const { rooms } = (await (await fetch(`${server.url}/api/config`)).json()) as PublicConfig;
    expect(rooms).toMatchObject({ available: false, detail: expect.stringContaining('LIVEKIT_URL') });
  });
});

describe('A server whose media server takes connections and says nothing', () => {
  const sockets = new Set<Socket>();
  let silent: TcpServer;
  let server: ServerProcess;

  beforeAll(async () => {
    silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    server = await ServerProcess.start({ ...media(), ROOMS_API_TOKEN: TOKEN });
  });
  afterAll(async () => {
    await server.stop();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  const media = (): Record<string, string> => ({
    LIVEKIT_URL: `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    LIVEKIT_API_KEY: 'key-of-livekit',
    LIVEKIT_API_SECRET: SECRET,
    SIMULATOR_RECOGNISERS: '1',
  });
  const BEARER = { authorization: `Bearer ${TOKEN}` };

  it.each(REQUESTS)('refuses %s %s without the token', async (method, path) => {
    const attempts: Record<string, string>[] = [{}, { authorization: 'Bearer token-of-somebody-else' }, { authorization: TOKEN }];
    for (const headers of attempts)
      expect(await ask(server.url, method, path, method === 'GET' ? undefined : '{"identity":"anna"}', headers)).toMatchObject({
        status: 401,
      });
  });

  it.each([
    ['no JSON', '{', 'valid JSON'],
    ['a list', '[]', 'JSON object'],
    ['no identity', '{"room":"kitchen"}', 'identity'],
    ['the identity of an assistant', '{"identity":"agent-AJ_1"}', 'agent-'],
    ['an identity that cannot be seen', '{"identity":"\\u202e"}', 'identity'],
    ['a room that climbs', '{"identity":"anna","room":"../../etc"}', 'room'],
    ['a name with a line break', '{"identity":"anna","name":"a\\nb"}', 'name'],
    ['a prototype', '{"__proto__":{"identity":"anna"}}', 'identity'],
    ['an engine that does not exist', '{"identity":"anna","engine":"x"}', 'engine'],
  ])('refuses %s, without asking the media server', async (_, body, words) => {
    expect(await ask(server.url, 'POST', '/api/rooms', body, BEARER)).toEqual({ status: 400, message: expect.stringContaining(words) });
  });

  it('refuses webhooks that are not signed', async () => {
    const headers = { 'content-type': 'application/webhook+json' };
    for (const body of ['', '{}', '{"event":"participant_joined","id":"EV_1"}', '\u0000'])
      expect(await ask(server.url, 'POST', '/api/livekit/webhook', body, headers)).toMatchObject({ status: 401 });
  });

  it('says within seconds that the media server does not answer, and to nobody what it was asked with', async () => {
    expect(await ask(server.url, 'POST', '/api/rooms', '{"identity":"anna"}', BEARER)).toEqual({
      status: 503,
      message: expect.stringContaining('does not answer'),
    });
    const { rooms } = (await (await fetch(`${server.url}/api/config`)).json()) as PublicConfig;
    expect(rooms).toMatchObject({ available: false, open: false });
    for (const secret of [SECRET, TOKEN, 'key-of-livekit', 'eyJ']) expect(server.log()).not.toContain(secret);
  });

  it('neither records nor lets anything in, which needs no answer of the media server', async () => {
    for (const [method, path] of REQUESTS.slice(5))
      expect(await ask(server.url, method, path, undefined, BEARER)).toMatchObject({ status: 403 });
  });

  it('ends when it is told to', async () => {
    const other = await ServerProcess.start(media());
    try {
      expect((await fetch(`${other.url}/api/health`)).status).toBe(200);
      expect(await other.terminate()).toBe(0);
    } finally {
      await other.stop();
    }
  });

  it('lets nobody in without a token when it has a name of its own', async () => {
    const other = await ServerProcess.start({ ...media(), ALLOWED_HOSTS: 'parley.example' });
    try {
      for (const [method, path] of REQUESTS) expect(await ask(other.url, method, path)).toMatchObject({ status: 403 });
    } finally {
      await other.stop();
    }
  });
});
