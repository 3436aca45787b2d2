import { createServer, type Server } from 'node:http';
import { AccessToken } from 'livekit-server-sdk';
import { poll } from '@parley/testing/client';
import { MemoryRoomStore } from '../store';
import { endTestPeople, LiveKitServer, roomToken, TestPerson } from '../testing';
import { RoomControl, RoomAdmission, type RoomEvent, RoomWebhooks, type WebhookResult } from './index';

const PATIENCE_MS = 20_000;

/** The media server's webhooks, as they came. */
class Mailbox {
  readonly letters: { body: Buffer; authorization: string | undefined; type: string | undefined }[] = [];
  private readonly server: Server;
  private constructor(server: Server) {
    this.server = server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => void parts.push(part));
      request.on('end', () => {
        const { authorization, 'content-type': type } = request.headers;
        this.letters.push({ body: Buffer.concat(parts), authorization, type });
        response.end();
      });
    });
  }

  static async open(): Promise<Mailbox> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return new Mailbox(server);
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/webhook`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('rooms of a real media server', () => {
  let mailbox: Mailbox;
  let server: LiveKitServer;
  let control: RoomControl;
  let store: MemoryRoomStore;
  let admission: RoomAdmission;
  let room: string;
  let people: TestPerson[];
  let rooms = 0;

  beforeAll(async () => {
    mailbox = await Mailbox.open();
    server = await LiveKitServer.start({ webhookUrls: [mailbox.url] });
    const { url, apiKey, apiSecret } = server;
    control = await RoomControl.load({ url, apiKey, apiSecret, agentName: 'parley' });
  });
  beforeEach(() => {
    [room, people, store] = [`kitchen-${++rooms}`, [], new MemoryRoomStore()];
    admission = new RoomAdmission({ control, store, publicUrl: server.url, assistantName: 'Parley' });
  });
  afterEach(async () => {
    for (const person of people) await person.leave();
    await store.close();
  });
  afterAll(async () => {
    await server.stop();
    mailbox.close();
    await endTestPeople();
  });

  async function tokenFor(identity: string): Promise<string> {
    const result = await admission.join({ room, identity });
    if (result.kind !== 'granted') throw new Error(`no token: ${result.kind}`);
    return result.access.token;
  }
  async function come(identity: string, token = tokenFor(identity), microphone = false): Promise<TestPerson> {
    const person = await TestPerson.join({ url: server.url, token: await token, microphone });
    people.push(person);
    return person;
  }
  const present = async (): Promise<string[]> => (await control.participantsIfAny(room)).map(({ identity }) => identity).sort();
  const isPresent = (...identities: string[]): Promise<unknown> =>
    poll(`${identities.join(', ')} in the room`, present, (found) => found.join() === identities.join(), PATIENCE_MS);

  it('are made by who joins first, with their assistant, which nobody else changes', async () => {
    await come('anna');
    const other = new RoomAdmission({ control, store, publicUrl: server.url, assistantName: 'Other' });
    const result = await other.join({ room, identity: 'ben', engine: 'agent' });
    await come('ben', Promise.resolve(result.kind === 'granted' ? result.access.token : ''));
    await isPresent('anna', 'ben');
    expect(await control.rooms()).toContain(room);
    const dispatches = await control.server.onDispatches('list', (client) => client.listDispatch(room));
    expect(dispatches.map(({ agentName, metadata }) => [agentName, JSON.parse(metadata)])).toEqual([
      ['parley', { engine: 'pipeline', assistantName: 'Parley' }],
    ]);
    await control.dispatchAgent(room);
    const [first, second] = await control.server.onDispatches('list', (client) => client.listDispatch(room));
    expect(second.metadata).toBe(first.metadata);
  });

  it('tell who is there, and what of them can be heard', async () => {
    await come('anna');
    await come('ben', tokenFor('ben'), true);
    await poll(
      'the microphone',
      () => control.participants(room),
      (found) => found.some(({ microphone }) => microphone === 'on'),
      PATIENCE_MS,
    );
    const found = (await control.participants(room)).sort((a, b) => (a.identity < b.identity ? -1 : 1));
    expect(found).toEqual([
      expect.objectContaining({ identity: 'anna', kind: 'person', isPerson: true, isAssistant: false, microphone: 'off', camera: 'off' }),
      expect.objectContaining({ identity: 'ben', kind: 'person', microphone: 'on' }),
    ]);
    for (const { joinedAtMs } of found) expect(Math.abs(Date.now() - joinedAtMs)).toBeLessThan(60_000);
    expect(await control.room(room)).toMatchObject({ room, recording: false });
  });

  it('do not exist before somebody has joined, and are not made by asking', async () => {
    await tokenFor('anna');
    for (const asked of [
      control.room(room),
      control.participants(room),
      control.endRoom(room),
      control.dispatchAgent(room),
      admission.remove(room, 'anna'),
    ])
      await expect(asked).rejects.toMatchObject({ name: 'RoomControlError', kind: 'not_found' });
    await expect(control.removeParticipant(room, 'anna')).resolves.toBeUndefined();
    expect(await control.participantsIfAny(room)).toEqual([]);
    expect((await control.list()).map((listed) => listed.room)).not.toContain(room);
  });

  it('get no assistant when others made them', async () => {
    await come('anna', roomToken(server, { room, identity: 'anna' }));
    await isPresent('anna');
    expect(await control.rooms()).not.toContain(room);
    expect((await control.list()).map((listed) => listed.room)).toContain(room);
    await expect(control.dispatchAgent(room)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('end for everybody', async () => {
    await come('anna');
    await isPresent('anna');
    await control.endRoom(room);
    await poll(
      'the end',
      () => control.list(),
      (listed) => !listed.some((other) => other.room === room),
      PATIENCE_MS,
    );
  });

  it('let somebody who was removed in with a token from before, until the check removes them again', async () => {
    const token = await tokenFor('anna');
    await come('anna', Promise.resolve(token));
    await come('ben');
    await isPresent('anna', 'ben');
    await admission.remove(room, 'anna');
    await isPresent('ben');
    expect(await admission.join({ room, identity: 'anna' })).toEqual({ kind: 'banned' });
    await come('anna', Promise.resolve(token));
    await isPresent('anna', 'ben');
    expect([await admission.check(room, 'anna'), await admission.check(room, 'ben')]).toEqual([true, false]);
    await isPresent('ben');
  });

  it('refuse an identity that is there, unless its token from before comes with the request', async () => {
    const token = await tokenFor('anna');
    await come('anna', Promise.resolve(token));
    await isPresent('anna');
    expect(await admission.join({ room, identity: 'anna' })).toEqual({ kind: 'taken' });
    expect(await admission.join({ room, identity: 'anna', previous_token: await tokenFor('ben') })).toEqual({ kind: 'taken' });
    expect(await admission.join({ room, identity: 'anna', previous_token: token })).toMatchObject({ kind: 'granted' });
  });

  it.each<[what: string, token: () => Promise<string>]>([
    ['that expired two minutes ago', () => signed({ ttl: '-120s' })],
    ['of another secret', () => signed({ secret: 'another_secret_another_secret_another' })],
    ['of another key', () => signed({ key: 'other' })],
    ['that was altered', async () => (await tokenFor('anna')).replace(/\.[^.]{6}/, '.AAAAAA')],
    ['without the right to join', () => signed({ roomJoin: false })],
    ['that is none', async () => 'nonsense'],
  ])('refuse a token %s', async (_, token) => {
    await expect(come('anna', token())).rejects.toThrow();
    expect(await control.participantsIfAny(room)).toEqual([]);
  });

  async function signed({ key = server.apiKey, secret = server.apiSecret, ttl = '10m', roomJoin = true }): Promise<string> {
    const token = new AccessToken(key, secret, { identity: 'anna', ttl });
    token.addGrant({ roomJoin, room });
    return await token.toJwt();
  }

  it('report who came and who went, once, and signed by the server alone', async () => {
    const webhooks = new RoomWebhooks(control.server, store);
    const before = mailbox.letters.length;
    const letters = () => mailbox.letters.slice(before);
    await come('anna');
    await isPresent('anna');
    await control.endRoom(room);
    const about = (type: RoomEvent['type']) => letters().find(({ body }) => body.includes(`"${room}"`) && body.includes(`"${type}"`));
    await poll(
      'the webhooks',
      async () => about('room_finished'),
      (letter) => letter !== undefined,
      PATIENCE_MS,
    );

    const results: WebhookResult[] = [];
    for (const { body, authorization, type } of letters()) {
      expect(type).toBe('application/webhook+json');
      results.push(await webhooks.receive(body, authorization));
      expect(await webhooks.receive(body, authorization)).toEqual({ kind: 'duplicate' });
      const altered = Buffer.from(body.toString().replace(room, 'hall'));
      if (!altered.equals(body)) expect(await webhooks.receive(altered, authorization)).toEqual({ kind: 'refused' });
      expect(await webhooks.receive(body, undefined)).toEqual({ kind: 'refused' });
    }
    const events = results.flatMap((result) => (result.kind === 'event' && result.event.room === room ? result.event : []));
    const anna = { identity: 'anna', isPerson: true, isAssistant: false, isWithAssistant: true };
    expect(events).toEqual([
      expect.objectContaining({ type: 'room_started', isWithAssistant: true }),
      expect.objectContaining({ type: 'participant_joined', ...anna }),
      expect.objectContaining({ type: 'participant_left', ...anna }),
      expect.objectContaining({ type: 'room_finished', isWithAssistant: true }),
    ]);
  });

  it('cannot be recorded where no service for it is connected, which is said', async () => {
    await expect(control.recordings.stop(room)).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(control.ingresses.create(room)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('cannot be asked for with another secret, or while the server is away or frozen', async () => {
    const wrong = await RoomControl.load({
      url: server.url,
      apiKey: server.apiKey,
      apiSecret: `${server.apiSecret}2`,
      agentName: 'parley',
    });
    await expect(wrong.list()).rejects.toMatchObject({ kind: 'refused' });
    const impatient = await RoomControl.load({
      url: server.url,
      apiKey: server.apiKey,
      apiSecret: server.apiSecret,
      agentName: 'parley',
      timeoutMs: 300,
    });
    server.freeze();
    try {
      await expect(impatient.list()).rejects.toMatchObject({ kind: 'unreachable' });
      expect(await impatient.server.isReachable()).toBe(false);
    } finally {
      server.thaw();
    }
    await server.kill();
    await expect(control.list()).rejects.toMatchObject({ kind: 'unreachable' });
    await server.restart();
    expect(await control.list()).toEqual([]);
    expect(await control.server.isReachable()).toBe(true);
  });
});
