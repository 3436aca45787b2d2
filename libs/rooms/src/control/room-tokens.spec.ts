import { AccessToken } from 'livekit-server-sdk';
import { MediaServer } from './media-server';
import { RoomTokens, TOKEN_TTL_S } from './room-tokens';

const SECRET = 'secret_secret_secret_secret_secret';
const WHO = { room: 'kitchen', identity: 'anna' };
const ASSISTANT = { engine: 'pipeline', assistantName: 'Parley', language: 'en-IN' } as const;

describe('the tokens of rooms', () => {
  let tokens: RoomTokens;
  beforeAll(async () => {
    tokens = new RoomTokens(await MediaServer.load({ url: 'ws://127.0.0.1:1', apiKey: 'key', apiSecret: SECRET }), 'parley');
  });

  const claimsOf = (token: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as Record<string, unknown>;
  const issued = () => tokens.issue({ ...WHO, name: 'Anna A.', assistant: ASSISTANT });

  it('are for one identity in one room, and grant only what a person needs', async () => {
    const claims = claimsOf((await issued()).token);
    expect(claims).toMatchObject({ iss: 'key', sub: 'anna', name: 'Anna A.' });
    expect(claims['video']).toEqual({
      roomJoin: true,
      room: 'kitchen',
      canPublish: true,
      canSubscribe: true,
      canPublishData: true,
      canUpdateOwnMetadata: false,
      canPublishSources: ['microphone', 'camera', 'screen_share'],
    });
  });

  it('make the room with its assistant, whose settings the room keeps', async () => {
    const { roomConfig } = claimsOf((await issued()).token);
    const metadata = JSON.stringify(ASSISTANT);
    expect(roomConfig).toMatchObject({ metadata, emptyTimeout: 60, departureTimeout: 20, agents: [{ agentName: 'parley', metadata }] });
  });

  it('expire when they say', async () => {
    const { token, expiresAtMs } = await issued();
    const { exp } = claimsOf(token);
    // The second may change between the two readings of the clock, and then the token is valid for longer than it says.
    expect(Number(exp) * 1_000 - expiresAtMs).toBeGreaterThanOrEqual(0);
    expect(Number(exp) * 1_000 - expiresAtMs).toBeLessThanOrEqual(1_000);
    expect(Math.abs(expiresAtMs - Date.now() - TOKEN_TTL_S * 1_000)).toBeLessThan(10_000);
  });

  async function signed({ secret = SECRET, ttl = '10m', room = 'kitchen', identity = 'anna', roomJoin = true }): Promise<string> {
    const token = new AccessToken('key', secret, { identity, ttl });
    token.addGrant({ roomJoin, room });
    return await token.toJwt();
  }

  it.each<[what: string, isProof: boolean, token: () => Promise<string>]>([
    ['that was issued', true, async () => (await issued()).token],
    ['that expired some minutes ago', true, () => signed({ ttl: '-300s' })],
    ['that expired more than a day ago', false, () => signed({ ttl: '-90000s' })],
    ['for another identity', false, () => signed({ identity: 'ben' })],
    ['for another room', false, () => signed({ room: 'hall' })],
    ['without the right to join', false, () => signed({ roomJoin: false })],
    ['of another secret', false, () => signed({ secret: `${SECRET}2` })],
    ['that was altered', false, async () => (await signed({})).replace(/.{4}$/, 'AAAA')],
    [
      'without a signature',
      false,
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await signed({})).split('.')[1]}.`,
    ],
    ['that is none', false, async () => 'nonsense'],
  ])('prove who somebody is: for one %s that is %s', async (_, isProof, token) => {
    expect(await tokens.proves(await token(), WHO)).toBe(isProof);
  });
});
