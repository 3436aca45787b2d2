import { createHash } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';
import { MediaServer } from './media-server';
import { RoomWebhooks } from './room-webhooks';

const SECRET = 'secret_secret_secret_secret_secret';
const JOINED = {
  event: 'participant_joined',
  id: 'EV_1',
  createdAt: '1796031398',
  room: { name: 'kitchen', sid: 'RM_1', turnPassword: 'hidden' },
  participant: { identity: 'anna', sid: 'PA_1' },
  aFieldOfLater: 1,
};

describe('the webhooks of the media server', () => {
  let webhooks: RoomWebhooks;
  let claimed: Set<string>;
  beforeEach(async () => {
    claimed = new Set();
    const server = await MediaServer.load({ url: 'ws://127.0.0.1:1', apiKey: 'key', apiSecret: SECRET });
    webhooks = new RoomWebhooks(server, {
      claimWebhook: async (id) => {
        if (claimed.has(id)) return false;
        claimed.add(id);
        return true;
      },
    });
  });

  async function signature(body: string, { secret = SECRET, key = 'key', ttl = '5m', hashed = body } = {}): Promise<string> {
    const token = new AccessToken(key, secret, { ttl });
    token.sha256 = createHash('sha256').update(hashed).digest('base64');
    return await token.toJwt();
  }
  const receive = async (event: object, options: Parameters<typeof signature>[1] = {}) => {
    const body = JSON.stringify(event);
    return webhooks.receive(Buffer.from(body), await signature(body, options));
  };

  it('say who joined which room, and nothing else', async () => {
    expect(await receive(JOINED)).toEqual({
      kind: 'event',
      event: { type: 'participant_joined', room: 'kitchen', identity: 'anna', isAssistant: false, isPerson: true, isWithAssistant: false },
    });
  });

  it.each([
    ['AGENT', true, false],
    ['STANDARD', false, true],
    ['SIP', false, true],
    ['EGRESS', false, false],
    ['INGRESS', false, true],
  ])('say whether a participant of kind %s is the assistant or a person', async (kind, isAssistant, isPerson) => {
    const result = await receive({ ...JOINED, participant: { identity: 'x', kind } });
    expect(result).toMatchObject({ kind: 'event', event: { isAssistant, isPerson } });
  });

  it.each([
    ['{"engine":"pipeline","assistantName":"Parley"}', true],
    ['{"engine":"pipeline"}', false],
    ['a room of others', false],
    ['null', false],
    ['', false],
  ])('say whether a room with the metadata %s is to have an assistant', async (metadata, isWithAssistant) => {
    expect(await receive({ ...JOINED, room: { ...JOINED.room, metadata } })).toMatchObject({ event: { isWithAssistant } });
  });

  it('are taken once, however often they are sent', async () => {
    expect(await receive(JOINED)).toMatchObject({ kind: 'event' });
    expect(await receive(JOINED)).toEqual({ kind: 'duplicate' });
    expect(await receive({ ...JOINED, id: 'EV_2' })).toMatchObject({ kind: 'event' });
  });

  it('are ignored when they are about something else', async () => {
    expect(await receive({ ...JOINED, event: 'track_published' })).toEqual({ kind: 'ignored' });
    expect(await receive({ ...JOINED, id: 'EV_2', room: undefined })).toEqual({ kind: 'ignored' });
  });

  it.each<[what: string, () => Promise<[body: string | Uint8Array, authorization: string | undefined]>]>([
    ['have no signature', async () => [JSON.stringify(JOINED), undefined]],
    ['have a signature that is none', async () => [JSON.stringify(JOINED), 'Bearer x']],
    ['were altered', async () => [JSON.stringify({ ...JOINED, id: 'EV_9' }), await signature(JSON.stringify(JOINED))]],
    ['were written anew with the same meaning', async () => [JSON.stringify(JOINED, null, 1), await signature(JSON.stringify(JOINED))]],
    [
      'are signed with another secret',
      async () => [JSON.stringify(JOINED), await signature(JSON.stringify(JOINED), { secret: `${SECRET}2` })],
    ],
    ['are signed with another key', async () => [JSON.stringify(JOINED), await signature(JSON.stringify(JOINED), { key: 'other' })]],
    ['are too old', async () => [JSON.stringify(JOINED), await signature(JSON.stringify(JOINED), { ttl: '-120s' })]],
    ['are signed but not JSON', async () => ['nonsense', await signature('nonsense')]],
    ['are signed but not an object', async () => ['[]', await signature('[]')]],
    ['have no id', async () => [JSON.stringify({ ...JOINED, id: '' }), await signature(JSON.stringify({ ...JOINED, id: '' }))]],
    ['are not UTF-8', async () => [Uint8Array.of(0x22, 0xff, 0x22), await signature('"\ufffd"')]],
    ['are empty', async () => ['', await signature('')]],
  ])('are refused when they %s', async (_, make) => {
    const [body, authorization] = await make();
    expect(await webhooks.receive(Buffer.from(body as string), authorization)).toEqual({ kind: 'refused' });
    expect(claimed.size).toBe(0);
  });

  it('cannot be signed with the token of somebody who may join', async () => {
    const token = new AccessToken('key', SECRET, { identity: 'anna', ttl: '10m' });
    token.addGrant({ roomJoin: true, room: 'kitchen' });
    expect(await webhooks.receive(Buffer.from(JSON.stringify(JOINED)), await token.toJwt())).toEqual({ kind: 'refused' });
  });

  it('fail while the store cannot be reached, so that they are sent again', async () => {
    const server = await MediaServer.load({ url: 'ws://127.0.0.1:1', apiKey: 'key', apiSecret: SECRET });
    webhooks = new RoomWebhooks(server, { claimWebhook: () => Promise.reject(new Error('away')) });
    await expect(receive(JOINED)).rejects.toThrow('away');
  });
});
