import { BAN_MS, RoomAdmission, type RoomAdmissionOptions } from './room-admission';

const REQUEST = { room: 'kitchen', identity: 'anna' };
const EXPIRES = Date.UTC(2030, 0, 1);

describe('admission to a room', () => {
  let bans: Map<string, number>;
  let isStoreAway: boolean;
  let present: string[];
  let asked: string[];
  let issued: Parameters<RoomAdmissionOptions['control']['tokens']['issue']>[0][];
  let admission: RoomAdmission;

  beforeEach(() => {
    [bans, present, asked, issued] = [new Map(), [], [], []];
    isStoreAway = false;
    const answering = (): Map<string, number> => {
      if (isStoreAway) throw new Error('Connection is closed.');
      return bans;
    };
    const tokens = {
      issue: async (request: (typeof issued)[number]) => {
        issued.push(request);
        return { token: `token of ${request.identity}`, expiresAtMs: EXPIRES };
      },
      proves: async (token: string, { identity }: { identity: string }) => token === `token of ${identity}`,
    };
    admission = new RoomAdmission({
      publicUrl: 'wss://rooms.example',
      assistantName: 'Parley',
      control: {
        tokens,
        participantsIfAny: async () => present.map((identity) => ({ identity }) as never),
        room: async (room) => {
          if (room !== 'kitchen') throw new Error('no such room');
          return { room, createdAtMs: 0, recording: false };
        },
        removeParticipant: async (room, identity) =>
          void asked.push(`remove ${identity} from ${room}, banned: ${bans.has(`${room} ${identity}`)}`),
      },
      store: {
        ban: async (room, identity, untilMs) => void answering().set(`${room} ${identity}`, untilMs),
        isBanned: async (room, identity) => answering().has(`${room} ${identity}`),
      },
    });
  });

  it('gives a token to whoever is not there', async () => {
    present = ['ben'];
    expect(await admission.join(REQUEST)).toEqual({
      kind: 'granted',
      access: { url: 'wss://rooms.example', room: 'kitchen', token: 'token of anna', expires_at: '2030-01-01T00:00:00.000Z' },
    });
    expect(issued).toEqual([{ ...REQUEST, name: 'anna', assistant: { engine: 'pipeline', assistantName: 'Parley' } }]);
  });

  it('passes on what the assistant is to be like', async () => {
    await admission.join({ ...REQUEST, name: 'Anna', engine: 'agent', language: 'hi-IN', voice_id: 'v1', only_when_addressed: true });
    const assistant = { engine: 'agent', assistantName: 'Parley', language: 'hi-IN', voiceId: 'v1', onlyWhenAddressed: true };
    expect(issued).toEqual([{ ...REQUEST, name: 'Anna', assistant }]);
  });

  it('makes a name that nobody can guess for a room without one', async () => {
    await admission.join({ identity: 'anna' });
    await admission.join({ identity: 'anna' });
    const names = issued.map(({ room }) => room);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{24}$/);
  });

  it('lets nobody in under an identity that is in the room, except with its token from before', async () => {
    present = ['anna'];
    expect(await admission.join(REQUEST)).toEqual({ kind: 'taken' });
    expect(await admission.join({ ...REQUEST, previous_token: 'token of ben' })).toEqual({ kind: 'taken' });
    expect(await admission.join({ ...REQUEST, previous_token: 'token of anna' })).toMatchObject({ kind: 'granted' });
    expect(await admission.join({ ...REQUEST, identity: 'Anna' })).toMatchObject({ kind: 'granted' });
  });

  it('keeps out who was removed, for a day, also with a token from before', async () => {
    const before = Date.now();
    await admission.remove('kitchen', 'anna');
    expect(asked).toEqual(['remove anna from kitchen, banned: true']);
    const untilMs = bans.get('kitchen anna') ?? 0;
    expect(untilMs).toBeGreaterThanOrEqual(before + BAN_MS);
    expect(untilMs).toBeLessThanOrEqual(Date.now() + BAN_MS);
    expect(await admission.join({ ...REQUEST, previous_token: 'token of anna' })).toEqual({ kind: 'banned' });
    expect(await admission.join({ ...REQUEST, room: 'hall' })).toMatchObject({ kind: 'granted' });
  });

  it('removes again who comes back with an old token, and nobody else', async () => {
    await admission.remove('kitchen', 'anna');
    asked = [];
    expect(await admission.check('kitchen', 'ben')).toBe(false);
    expect(asked).toEqual([]);
    expect(await admission.check('kitchen', 'anna')).toBe(true);
    expect(asked).toEqual(['remove anna from kitchen, banned: true']);
  });

  it('lets nobody in while it cannot know who was removed', async () => {
    isStoreAway = true;
    for (const asked of [admission.join(REQUEST), admission.remove('kitchen', 'anna'), admission.check('kitchen', 'anna')])
      await expect(asked).rejects.toMatchObject({ name: 'RoomControlError', kind: 'unreachable' });
    expect(issued).toEqual([]);
  });

  it('bans nobody from a room that does not exist', async () => {
    await expect(admission.remove('hall', 'anna')).rejects.toThrow('no such room');
    expect(bans.size).toBe(0);
  });
});
