import { createHash } from 'node:crypto';
import { FakeProviders } from '@parley/engine/testing';
import type { PublicConfig, RoomAccess } from '@parley/protocol';
import { RecordingLogger, testSettings } from '@parley/server/testing';
import { eventually } from '@parley/testing';
import { poll } from '@parley/testing/client';
import { AccessToken } from 'livekit-server-sdk';
import { FakeMediaServer } from '../../../testing/fake-media-server';
import { TestServer } from '../../../testing/test-server';
import { SessionTokens } from '../../session-tokens/session-tokens';

const SECRET = 'secret_secret_secret_secret_secret';
const TOKEN = 'token-of-the-operator';
const BEARER = { authorization: `Bearer ${TOKEN}` };
const AWAY = 'The media server, or the store of its rooms, does not answer. Try again in a moment.';

interface Answer {
  status: number;
  body: unknown;
  headers: Headers;
}

describe('the API of rooms', () => {
  let logger: RecordingLogger;
  let media: FakeMediaServer;
  let server: TestServer;

  async function start(environment: Record<string, string> = {}): Promise<void> {
    const settings = testSettings({ LIVEKIT_URL: media.url, LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: SECRET, ...environment });
    server = await TestServer.start(new FakeProviders().asProviders(), logger, settings);
  }
  beforeEach(async () => {
    logger = RecordingLogger.install();
    media = await FakeMediaServer.start();
    media.rooms.set('kitchen', { participants: [{ identity: 'anna', name: 'Anna' }] });
  });
  afterEach(async () => {
    await server.close();
    media.stop();
    logger.restore();
  });

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const sent = method === 'GET' ? undefined : body;
    const answer = await fetch(`${server.origin}/api/rooms${path}`, {
      method,
      headers: { ...(sent !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(sent !== undefined && { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown), headers: answer.headers };
  }
  const join = (body: unknown, headers?: Record<string, string>): Promise<Answer> => ask('POST', '', body, headers);
  const config = async (): Promise<PublicConfig['rooms']> =>
    ((await (await fetch(`${server.origin}/api/config`)).json()) as PublicConfig).rooms;
  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  it('gives a token for a room, which only a media client can use', async () => {
    await start({ LIVEKIT_PUBLIC_URL: 'https://rooms.example' });
    const { status, body, headers } = await join({ room: 'kitchen', identity: 'ben', more: 1 });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toEqual({
      url: 'wss://rooms.example',
      room: 'kitchen',
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(media.asked).toEqual([]);
    expect(await metric('parley_room_joins_total\\{result="granted"\\}')).toBe(1);
    expect(logger.lines.join('\n')).not.toContain((body as RoomAccess).token);
  });

  it('makes up a room for whoever names none', async () => {
    await start();
    const { status, body } = await join({ identity: 'ben' });
    expect([status, body]).toEqual([201, expect.objectContaining({ room: expect.stringMatching(/^[0-9a-f]{24}$/) })]);
  });

  it('refuses an identity that is in the room, unless it proves to be the same', async () => {
    await start();
    const { body } = await join({ room: 'kitchen', identity: 'ben' });
    media.rooms.get('kitchen')?.participants.push({ identity: 'ben' });
    expect(await join({ room: 'kitchen', identity: 'ben' })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('identity') },
    });
    expect(await join({ room: 'kitchen', identity: 'ben', previous_token: (body as RoomAccess).token })).toMatchObject({ status: 201 });
    expect(await metric('parley_room_joins_total\\{result="taken"\\}')).toBe(1);
  });

  it.each<[what: string, body: unknown, status: number, words: string]>([
    ['no body', undefined, 400, 'JSON object'],
    ['a body that is no JSON', '{', 400, 'valid JSON'],
    ['a list', [], 400, 'JSON object'],
    ['a text', '"anna"', 400, ''],
    ['no identity', {}, 400, 'identity'],
    ['an identity with a control character', { identity: 'a\u0000b' }, 400, 'identity'],
    ['the identity of an assistant', { identity: 'agent-1' }, 400, 'agent-'],
    ['a room that climbs', { identity: 'anna', room: '../x' }, 400, 'room'],
    ['a body that is too large', { identity: 'anna', name: 'x'.repeat(1_000_001) }, 413, '1 MB'],
  ])('refuses %s', async (_, body, status, words) => {
    await start();
    expect(await join(body)).toMatchObject({ status, body: { message: expect.stringContaining(words) } });
    expect(media.asked).toEqual([]);
  });

  it('where session tokens are needed, lets in with one of them or with the token of the operator, and with nothing else', async () => {
    await start({ SESSION_TOKEN_SECRET: 'a-secret-of-at-least-thirty-two-characters', ROOMS_API_TOKEN: TOKEN, ROOMS_OPEN: 'true' });
    const tokens = server.app.get(SessionTokens, { strict: false });
    const bearer = async (purpose: 'rooms' | 'conversation') => ({ authorization: `Bearer ${(await tokens.issue(purpose)).token}` });
    const good = await bearer('rooms');
    const statuses: number[] = [];
    for (const headers of [{}, await bearer('conversation'), good, good, BEARER])
      statuses.push((await join({ room: 'kitchen', identity: 'ben' }, headers as Record<string, string>)).status);
    expect(statuses).toEqual([401, 401, 201, 401, 201]);
    expect((await ask('GET', '', undefined, await bearer('rooms'))).status).toBe(401);
    expect(await config()).toMatchObject({ open: true });
  });

  it('where session tokens are needed, needs one also on a developer’s own machine', async () => {
    await start({ SESSION_TOKEN_SECRET: 'a-secret-of-at-least-thirty-two-characters' });
    expect((await join({ identity: 'ben' })).status).toBe(401);
    expect((await ask('GET', '')).status).toBe(200);
  });

  it('lists rooms and participants', async () => {
    await start();
    media.rooms.set('kitchen', {
      activeRecording: true,
      participants: [
        { identity: 'anna', name: 'Anna', tracks: [{ source: 'MICROPHONE' }, { source: 'CAMERA', muted: true }] },
        { identity: 'agent-AJ_1', kind: 'AGENT' },
      ],
    });
    const since = '2023-11-14T22:13:20.000Z';
    expect((await ask('GET', '')).body).toEqual({ rooms: [{ room: 'kitchen', created_at: since, participants: 1, recording: true }] });
    expect((await ask('GET', '/kitchen/participants')).body).toEqual({
      participants: [
        { identity: 'anna', name: 'Anna', kind: 'person', joined_at: since, microphone: 'on', camera: 'muted' },
        { identity: 'agent-AJ_1', name: 'agent-AJ_1', kind: 'assistant', joined_at: since, microphone: 'off', camera: 'off' },
      ],
    });
  });

  it('removes a participant, who cannot come back', async () => {
    await start();
    expect(await ask('DELETE', '/kitchen/participants/anna')).toMatchObject({ status: 204, body: undefined });
    expect(media.rooms.get('kitchen')?.participants).toEqual([]);
    expect(await join({ room: 'kitchen', identity: 'anna' })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('removed') },
    });
    expect((await join({ room: 'hall', identity: 'anna' })).status).toBe(201);
    // Nobody is in the room now, and whoever is not may be kept out as well.
    expect((await ask('DELETE', '/kitchen/participants/Zo%C3%AB%20%2F%20..')).status).toBe(204);
    expect((await join({ room: 'kitchen', identity: 'Zoë / ..' })).status).toBe(403);
  });

  it('removes again who comes back with a token from before, as soon as the media server reports it', async () => {
    await start();
    await ask('DELETE', '/kitchen/participants/anna');
    media.rooms.get('kitchen')?.participants.push({ identity: 'anna' });
    expect(await webhook({ ...JOINED, id: 'EV_7' })).toBe(200);
    await eventually(() => media.rooms.get('kitchen')?.participants.length === 0, 'the removal');
    await poll(
      'the count',
      () => metric('parley_room_removed_again_total'),
      (count) => count >= 1,
      10_000,
    );
  });

  it('ends a room', async () => {
    await start();
    expect(await ask('DELETE', '/kitchen')).toMatchObject({ status: 204 });
    expect(media.rooms.size).toBe(0);
    expect(await ask('DELETE', '/kitchen')).toMatchObject({ status: 404, body: { message: 'There is no such room.' } });
  });

  it.each([
    ['GET', '/hall/participants', 'There is no such room.'],
    ['GET', '/..%2Fkitchen/participants', 'There is no such room.'],
    ['GET', `/${'x'.repeat(65)}/participants`, 'There is no such room.'],
    ['DELETE', '/hall', 'There is no such room.'],
    ['DELETE', '/%00', 'There is no such room.'],
    ['DELETE', '/hall/participants/anna', 'There is no such room.'],
    ['DELETE', '/kitchen/participants/a%0Ab', 'There is no such participant.'],
    ['POST', '/hall/recording', 'There is no such room.'],
    ['DELETE', '/hall/recording', 'There is no such room.'],
    ['DELETE', '/kitchen/recording', 'The room is not being recorded.'],
    ['POST', '/hall/ingress', 'There is no such room.'],
    ['GET', '/kitchen/nothing', 'There is nothing at this address.'],
  ])('answers %s %s with 404', async (method, path, message) => {
    await start({ ROOMS_RECORDING: 'true', ROOMS_INGRESS: 'true' });
    expect(await ask(method, path)).toMatchObject({ status: 404, body: { message } });
    expect(media.asked.filter((asked) => !asked.startsWith('DeleteRoom hall'))).toEqual([]);
  });

  it('answers an address that is not well formed with 400', async () => {
    await start();
    expect(await ask('DELETE', '/%E0%A4%A')).toMatchObject({ status: 400, body: { message: expect.stringContaining('well formed') } });
  });

  it('does not remove the assistant', async () => {
    await start();
    expect(await ask('DELETE', '/kitchen/participants/agent-AJ_1')).toMatchObject({ status: 403 });
    expect(media.asked).toEqual([]);
  });

  it('neither records nor lets anything in where that is not allowed, without asking the media server', async () => {
    await start();
    media.isAway = true;
    for (const [method, path] of [
      ['POST', '/kitchen/recording'],
      ['DELETE', '/kitchen/recording'],
      ['POST', '/kitchen/ingress'],
    ])
      expect(await ask(method, path)).toMatchObject({ status: 403, body: { message: expect.stringContaining('Whoever runs it') } });
    expect(media.asked).toEqual([]);
  });

  it('records a room, and lets a program send into it, where that is allowed', async () => {
    await start({ ROOMS_RECORDING: 'true', ROOMS_INGRESS: 'true' });
    expect(await ask('POST', '/kitchen/recording')).toMatchObject({ status: 201, body: { recording_id: 'EG_1' } });
    media.rooms.set('kitchen', { participants: [], activeRecording: true });
    expect(await ask('POST', '/kitchen/recording')).toMatchObject({ status: 409 });
    expect(await ask('DELETE', '/kitchen/recording')).toMatchObject({ status: 204 });
    expect(media.asked).toEqual(['StartRoomCompositeEgress kitchen', 'StopEgress ']);
    const { status, body, headers } = await ask('POST', '/kitchen/ingress');
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toEqual({ ingress_id: 'IN_1', url: 'https://rooms.example/w', stream_key: 'key-of-the-stream' });
  });

  it('says that the media server does not answer, and goes on when it does', async () => {
    await start();
    media.isAway = true;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/kitchen/participants'],
      ['DELETE', '/kitchen'],
    ])
      expect(await ask(method, path)).toMatchObject({ status: 503, body: { message: AWAY } });
    expect(await join({ room: 'kitchen', identity: 'ben' })).toMatchObject({ status: 503, body: { message: AWAY } });
    expect(await config()).toMatchObject({ available: false, detail: 'The media server of this server does not answer.' });
    expect(await metric('parley_room_media_server_up')).toBe(0);
    media.isAway = false;
    expect((await join({ room: 'kitchen', identity: 'ben' })).status).toBe(201);
    expect(await config()).toEqual({ available: true, assistant_name: 'Parley', recording: false, open: true });
    expect(await metric('parley_room_media_server_up')).toBe(1);
  });

  it('says that Redis does not answer', async () => {
    await start({ REDIS_URL: '/nowhere/redis.sock' });
    expect(await join({ room: 'kitchen', identity: 'ben' })).toMatchObject({
      status: 503,
      body: { message: expect.stringContaining('rooms need') },
    });
    expect(await webhook(JOINED)).toBe(503);
  });

  it('sends another assistant into a room whose people are left without one', async () => {
    media.rooms.set('hall', { participants: [{ identity: 'ben' }], metadata: '{"engine":"pipeline","assistantName":"Parley"}' });
    await start();
    await eventually(() => media.asked.includes('CreateDispatch hall'), 'the dispatch', 20_000);
    await poll(
      'the count',
      () => metric('parley_room_replacements_total\\{reason="none"\\}'),
      (count) => count === 1,
      10_000,
    );
    expect(media.asked).not.toContain('CreateDispatch kitchen');
  });

  describe('without a media server', () => {
    it.each([
      ['POST', '/rooms'],
      ['GET', '/rooms'],
      ['GET', '/rooms/kitchen/participants'],
      ['DELETE', '/rooms/kitchen'],
      ['POST', '/rooms/kitchen/recording'],
      ['POST', '/livekit/webhook'],
    ])('answers %s %s with 503 and what is missing', async (method, path) => {
      await start({ LIVEKIT_API_SECRET: '' });
      const answer = await fetch(`${server.origin}/api${path}`, { method });
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { message: 'There are no rooms on this server: they need a LiveKit server, and LIVEKIT_API_SECRET is not set.' },
      ]);
    });
  });

  describe('with a token', () => {
    const REQUESTS = [
      ['POST', ''],
      ['GET', ''],
      ['GET', '/kitchen/participants'],
      ['DELETE', '/kitchen/participants/anna'],
      ['DELETE', '/kitchen'],
      ['POST', '/kitchen/recording'],
      ['DELETE', '/kitchen/recording'],
      ['POST', '/kitchen/ingress'],
    ] as const;
    const WRONG: readonly Record<string, string>[] = [
      {},
      { authorization: TOKEN },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${TOKEN}x` },
      { authorization: `Bearer ${TOKEN.slice(1)}` },
      { authorization: `Basic ${TOKEN}` },
    ];

    it.each(REQUESTS)('refuses %s %s without it', async (method, path) => {
      await start({ ROOMS_API_TOKEN: TOKEN });
      for (const headers of WRONG) {
        const answer = await ask(method, path, { identity: 'ben' }, headers);
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      }
      expect(media.asked).toEqual([]);
    });

    it('accepts it', async () => {
      await start({ ROOMS_API_TOKEN: TOKEN, HOST: '0.0.0.0' });
      expect((await join({ identity: 'ben' }, BEARER)).status).toBe(201);
      expect((await ask('GET', '', undefined, { authorization: `bearer  ${TOKEN}` })).status).toBe(200);
      expect(await config()).toMatchObject({ open: false });
    });

    it('lets anybody join, and do nothing else, where rooms are open', async () => {
      await start({ ROOMS_API_TOKEN: TOKEN, ROOMS_OPEN: 'true' });
      expect((await join({ identity: 'ben' })).status).toBe(201);
      for (const [method, path] of REQUESTS.slice(1)) expect((await ask(method, path)).status).toBe(401);
      expect(await config()).toMatchObject({ open: true });
    });

    it('refuses everything where there is none and the server can be reached from outside', async () => {
      await start({ HOST: '0.0.0.0' });
      for (const [method, path] of REQUESTS)
        expect(await ask(method, path, { identity: 'ben' })).toMatchObject({
          status: 403,
          body: { message: expect.stringContaining('ROOMS_API_TOKEN') },
        });
    });
  });

  it('refuses changes by pages of other origins', async () => {
    await start({ ALLOWED_ORIGINS: 'https://app.example' });
    const evil = { origin: 'https://evil.example' };
    expect((await join({ identity: 'ben' }, evil)).status).toBe(403);
    expect((await ask('DELETE', '/kitchen', undefined, evil)).status).toBe(403);
    expect((await join({ identity: 'ben' }, { origin: 'https://app.example' })).status).toBe(201);
    expect(media.asked).toEqual([]);
  });

  const JOINED = {
    event: 'participant_joined',
    id: 'EV_1',
    room: { name: 'kitchen', turnPassword: 'hidden' },
    participant: { identity: 'anna' },
  };

  async function webhook(
    event: object,
    { secret = SECRET, type = 'application/webhook+json', sent = JSON.stringify(event) } = {},
  ): Promise<number> {
    const token = new AccessToken('key', secret, { ttl: '5m' });
    token.sha256 = createHash('sha256').update(JSON.stringify(event)).digest('base64');
    const headers = { authorization: await token.toJwt(), 'content-type': type };
    return (await fetch(`${server.origin}/api/livekit/webhook`, { method: 'POST', headers, body: sent })).status;
  }

  it('takes each webhook of the media server once, with a signature over its bytes', async () => {
    await start({ ROOMS_API_TOKEN: TOKEN });
    expect([await webhook(JOINED), await webhook(JOINED)]).toEqual([200, 200]);
    expect(await webhook(JOINED, { secret: `${SECRET}2` })).toBe(401);
    expect(await webhook(JOINED, { sent: JSON.stringify(JOINED, null, 1) })).toBe(401);
    expect(await webhook(JOINED, { type: 'application/json' })).toBe(415);
    expect((await fetch(`${server.origin}/api/livekit/webhook`, { method: 'POST' })).status).toBe(415);
    const counts = ['event', 'ignored', 'duplicate', 'refused'].map((result) =>
      metric(`parley_room_webhooks_total\\{result="${result}"\\}`),
    );
    expect(await Promise.all(counts)).toEqual([1, 0, 1, 2]);
    expect(logger.lines.join('\n')).not.toContain('hidden');
  });
});
