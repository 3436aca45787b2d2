import { createHash, randomUUID } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';
import { RoomsUnderTest, roomToken, TestPerson } from '@parley/rooms/testing';
import { poll } from '@parley/testing/client';

describe('what is refused', () => {
  let rooms: RoomsUnderTest;

  beforeAll(async () => {
    rooms = await RoomsUnderTest.start({ workers: 0 });
  });

  afterEach(() => rooms.everybodyLeaves());

  afterAll(() => rooms.stop());

  const joinWith = (token: string): Promise<TestPerson> => TestPerson.join({ url: rooms.media.url, token, microphone: false });
  const isIn = async (room: string, identity: string): Promise<boolean> =>
    (await (await rooms.request(`/${room}/participants`)).text()).includes(`"${identity}"`);

  describe('of tokens', () => {
    it.each([
      ['one that has expired', (secret: string) => aToken(secret, { ttl: -120 })],
      ['one that was altered', async (secret: string) => altered(await aToken(secret))],
      ['one that another key signed', () => aToken('another_secret_another_secret_another')],
      ['one without a grant', (secret: string) => aToken(secret, { grant: false })],
    ])('%s', async (_, make) => {
      await expect(joinWith(await make(rooms.media.apiSecret))).rejects.toThrow();
    });

    it('the use of one in another room: it opens its own room only', async () => {
      const { url, token } = await rooms.access({ room: rooms.newRoom(), identity: 'mallory' });
      const other = rooms.newRoom();
      const asha = await rooms.join({ room: other, identity: 'asha' });
      const mallory = await TestPerson.join({ url: `${url}/?room=${other}`, token, microphone: false }).catch(() => undefined);
      expect(asha.others).not.toContain('mallory');
      expect(await isIn(other, 'mallory')).toBe(false);
      await mallory?.leave();
    });

    it('a request for one without the token of the API', async () => {
      const body = JSON.stringify({ room: rooms.newRoom(), identity: 'eve' });
      for (const authorization of [undefined, 'Bearer something-else-altogether']) {
        const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
        const response = await fetch(`${rooms.api.url}/api/rooms`, { method: 'POST', headers, body });
        expect(response.status).toBe(401);
      }
    });
  });

  describe('of people who were removed', () => {
    it('their old token, and a new one', async () => {
      const room = rooms.newRoom();
      await rooms.join({ room, identity: 'asha' });
      const { token } = await rooms.access({ room, identity: 'eve' });
      const eve = await joinWith(token);
      await poll(
        'eve in the room',
        () => isIn(room, 'eve'),
        (isThere) => isThere,
        20_000,
      );
      expect((await rooms.request(`/${room}/participants/eve`, { method: 'DELETE' })).status).toBe(204);
      await poll(
        'eve to be out',
        async () => eve.room.isConnected,
        (isConnected) => !isConnected,
        20_000,
      );
      await eve.leave();

      // The media server lets her in with the old token; the API puts her out again.
      const again = await joinWith(token).catch(() => undefined);
      await poll(
        'eve to be out again',
        async () => again?.room.isConnected ?? false,
        (isConnected) => !isConnected,
        20_000,
      );
      await again?.leave();
      expect(await isIn(room, 'eve')).toBe(false);
      expect((await rooms.request('', { method: 'POST', body: { room, identity: 'eve' } })).status).toBe(403);
    });
  });

  describe('of webhooks', () => {
    const post = (body: string, authorization?: string): Promise<Response> =>
      fetch(`${rooms.api.url}/api/livekit/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/webhook+json', ...(authorization && { authorization }) },
        body,
      });
    const anEvent = (): string => JSON.stringify({ event: 'room_started', id: `EV_${randomUUID()}`, room: { name: 'x' }, createdAt: '1' });
    const signature = async (body: string, secret = rooms.media.apiSecret): Promise<string> => {
      const token = new AccessToken(rooms.media.apiKey, secret, { ttl: 60 });
      token.sha256 = createHash('sha256').update(body).digest('base64');
      return token.toJwt();
    };

    it('those that are not signed, were altered, or were signed by somebody else', async () => {
      const body = anEvent();
      expect((await post(body)).status).toBe(401);
      expect((await post(body.replace('room_started', 'room_finished'), await signature(body))).status).toBe(401);
      expect((await post(body, await signature(body, 'another_secret_another_secret_another'))).status).toBe(401);
      expect((await post(body, await signature(body))).status).toBe(200);
    });

    it('the second use of a good one, which changes nothing', async () => {
      const room = rooms.newRoom();
      const asha = await rooms.join({ room, identity: 'asha' });
      const body = JSON.stringify({ event: 'room_finished', id: `EV_${randomUUID()}`, room: { name: room }, createdAt: '1' });
      const authorization = await signature(body);
      expect((await post(body, authorization)).status).toBe(200);
      expect((await post(body, authorization)).ok).toBe(true);
      expect(asha.room.isConnected).toBe(true);
    });
  });
});

interface Claims {
  readonly ttl?: number;
  readonly grant?: boolean;
}

const aToken = (apiSecret: string, { ttl = 600, grant = true }: Claims = {}): Promise<string> =>
  roomToken({ apiKey: 'devkey', apiSecret }, { room: 'refused', identity: 'eve', ttlSeconds: ttl, grant: { roomJoin: grant } });

/** Another payload under the same signature. */
function altered(token: string): string {
  const [header, payload, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const other = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
  return [header, other, signature].join('.');
}
