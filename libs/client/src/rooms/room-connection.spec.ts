import { TextDecoder, TextEncoder } from 'node:util';
import type { RoomServerMessage } from '@parley/protocol';
import { BEN, FakeRoomLink, PARLEY, installBrowserFakes, settled } from '../testing';
import { AccessRefused, type SessionTokenSource } from '../link/session-token';
import { MEASURE_EVERY_MS, RoomConnection } from './room-connection';
import { RoomError } from './room-error';
import type { RoomChat, RoomConnectionHandlers, RoomState, RoomWishes } from './room-state';

const ACCESS = { url: 'ws://media', room: 'blue-room', token: 'token', expires_at: '2026-11-30T10:00:00Z' };

describe('RoomConnection', () => {
  const { fetch: originalFetch } = globalThis;
  const asked = jest.fn<Promise<unknown>, [string, RequestInit]>();
  let fakes: ReturnType<typeof installBrowserFakes>;
  let stay: RoomConnection;
  let states: RoomState[];
  let messages: RoomServerMessage[];
  let chats: RoomChat[];
  let problems: string[];
  let legs: unknown[];
  let ended: RoomError[];
  let tokens: SessionTokenSource | undefined;

  const answer = (status = 201, body: unknown = ACCESS) => ({ ok: status < 400, status, json: async () => body });
  const bodies = (): { identity: string; room?: string; previous_token?: string }[] =>
    asked.mock.calls.map(([, { body }]) => JSON.parse(String(body)));
  const phases = (): string[] => states.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1]);
  const join = async (wishes: Partial<RoomWishes> = {}): Promise<void> => {
    const handlers: RoomConnectionHandlers = {
      onState: (state) => states.push(state),
      onMessage: (message) => messages.push(message),
      onChat: (chat) => chats.push(chat),
      onDeviceProblem: (device, problem) => problems.push(`${device} ${problem}`),
      onLegs: (measured) => legs.push(measured),
      onEnded: (error) => ended.push(error),
    };
    const openLink = async (link: ConstructorParameters<typeof FakeRoomLink>[0]) => new FakeRoomLink(link);
    stay = new RoomConnection('/api', { join: {}, name: 'Asha', ...wishes }, handlers, openLink, () => 0.5, tokens);
    await stay.join();
    await settled();
  };
  const passes = async (durationMs: number): Promise<void> => {
    jest.advanceTimersByTime(durationMs);
    await settled();
  };

  // jsdom has none.
  beforeAll(() => void Object.assign(globalThis, { TextDecoder, TextEncoder }));
  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    FakeRoomLink.reset();
    tokens = undefined;
    [states, messages, chats, problems, legs, ended] = [[], [], [], [], [], []];
    asked.mockReset().mockImplementation(async () => answer());
    globalThis.fetch = asked as unknown as typeof fetch;
  });
  afterEach(async () => {
    await stay.leave();
    expect(FakeRoomLink.made.filter(({ closed }) => !closed)).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    fakes.restore();
    globalThis.fetch = originalFetch;
  });

  it('joins with the permission that the server gives, and opens the microphone', async () => {
    await join({ join: { room: 'blue-room', language: 'en-IN' }, microphoneId: 'headset' });
    expect(bodies()).toEqual([
      { room: 'blue-room', language: 'en-IN', identity: expect.stringMatching(/^asha-[a-z0-9]{6}$/), name: 'Asha' },
    ]);
    const link = FakeRoomLink.newest();
    expect(link.connectedTo).toEqual(['ws://media', 'token']);
    expect(link.requests).toEqual(['microphone on headset']);
    expect(stay.state).toMatchObject({ phase: 'joined', room: 'blue-room', microphone: 'on', camera: false, screen: false });
    expect(stay.state.members.map(({ name }) => name)).toEqual(['Asha', 'Ben', 'Parley']);
  });

  it('joins with a session token where the server needs one, and says why it gets none', async () => {
    tokens = async (purpose) => `token-for-${purpose}`;
    await join();
    expect(new Headers(asked.mock.calls[0]?.[1].headers).get('authorization')).toBe('Bearer token-for-rooms');
    await stay.leave();
    tokens = () => Promise.reject(new AccessRefused('Please sign in.'));
    await join();
    expect(ended).toEqual([new RoomError('forbidden', 'Please sign in.')]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('joins without a microphone when none is wanted', async () => {
    await join();
    expect([FakeRoomLink.newest().requests, stay.state.microphone]).toEqual([[], 'off']);
    await stay.setMicrophone(true);
    expect([FakeRoomLink.newest().requests, stay.state.microphone]).toEqual([['microphone on'], 'on']);
  });

  it.each([
    [401, { message: 'Bearer' }, 'closed', expect.stringContaining('operator')],
    [403, { message: 'You were removed from this room.' }, 'forbidden', 'You were removed from this room.'],
    [409, undefined, 'taken', 'Somebody with the same identity is in this room. Try again.'],
    [422, { message: 'The name is too long.' }, 'invalid', 'The name is too long.'],
    [503, { message: 'Rooms are not set up.' }, 'unavailable', 'Rooms are not set up.'],
    [500, 'a page', 'failed', 'The server could not open the room. Try again later.'],
    [201, { url: 'ws://media' }, 'failed', 'The server’s answer cannot be read.'],
  ])('says plainly why it cannot join when the server answers %i with %j', async (status, body, problem, words) => {
    asked.mockImplementation(async () => answer(status, body));
    await join();
    expect(ended.map((error) => [error.problem, error.message])).toEqual([[problem, words]]);
    expect(FakeRoomLink.made).toEqual([]);
  });

  it('says plainly when our server cannot be reached', async () => {
    asked.mockRejectedValue(new TypeError('offline'));
    await join();
    expect(ended.map(({ problem }) => problem)).toEqual(['unreachable']);
  });

  it.each([['token_refused'], ['media_unreachable'], ['unsupported']] as const)(
    'does not try again by itself when joining ends with %s',
    async (problem) => {
      FakeRoomLink.refusal = new RoomError(problem);
      await join();
      expect(ended.map((error) => error.problem)).toEqual([problem]);
      expect([phases(), asked.mock.calls.length]).toEqual([[], 1]);
    },
  );

  it('stays in the room and says so when the microphone is refused', async () => {
    FakeRoomLink.deviceRefusal = new DOMException('', 'NotAllowedError');
    await join({ microphoneId: '' });
    expect([problems, stay.state.phase, stay.state.microphone]).toEqual([['microphone refused'], 'joined', 'off']);
  });

  it('shows that the browser is asking for the microphone', async () => {
    let allow: () => void = () => undefined;
    FakeRoomLink.prompt = new Promise((resolve) => (allow = resolve));
    await join({ microphoneId: '' });
    expect(stay.state.microphone).toBe('opening');
    allow();
    await settled();
    expect(stay.state.microphone).toBe('on');
  });

  it('ends up muted when mute is pressed faster than the device follows', async () => {
    await join({ microphoneId: '' });
    void stay.setMicrophone(false);
    void stay.setMicrophone(true);
    await stay.setMicrophone(false);
    expect(stay.state.microphone).toBe('muted');
  });

  it('switches camera and screen on and off', async () => {
    await join();
    await stay.setCamera(true);
    await stay.setScreen(true);
    expect([stay.state.camera, stay.state.screen]).toEqual([true, true]);
    await stay.setCamera(false);
    await stay.setScreen(false);
    expect([stay.state.camera, stay.state.screen]).toEqual([false, false]);
  });

  it('passes on what the assistant says, and nothing that only pretends to be of the assistant', async () => {
    await join();
    const transcript = { type: 'transcript', turn: 1, text: 'Hello.', is_final: true, identity: BEN.identity };
    const link = FakeRoomLink.newest();
    link.say(transcript);
    link.say(transcript, BEN.identity);
    link.say(transcript, 'nobody');
    link.say(transcript, PARLEY.identity, 'another-topic');
    link.say({ type: 'transcript', turn: 'x' });
    expect(messages).toEqual([transcript]);
  });

  it('writes to the room, and shows what it wrote only once', async () => {
    await join();
    expect(await stay.sendChat('  Good morning. ')).toBe(true);
    expect(FakeRoomLink.newest().texts).toEqual([['lk.chat', 'Good morning.']]);
    FakeRoomLink.newest().write('Good morning.', 'asha-1');
    FakeRoomLink.newest().write('{"message":"Hi Asha."}');
    FakeRoomLink.newest().write('  ');
    FakeRoomLink.newest().write('From nowhere.', 'nobody');
    expect(chats).toEqual([
      { identity: 'asha-1', name: 'Asha', isMe: true, text: 'Good morning.' },
      { identity: 'ben-1', name: 'Ben', isMe: false, text: 'Hi Asha.' },
    ]);
  });

  it('tells that a message was not sent while there is no connection', async () => {
    await join();
    FakeRoomLink.newest().handlers.onInterrupted(true);
    expect([await stay.sendChat('Hello?'), chats]).toEqual([false, []]);
    FakeRoomLink.newest().handlers.onInterrupted(false);
    expect(await stay.sendChat('Hello?')).toBe(true);
  });

  it('asks the assistant to stop', async () => {
    await join();
    await stay.interrupt();
    expect(FakeRoomLink.newest().data).toEqual([['parley', '{"type":"interrupt"}']]);
  });

  it('reports when the browser holds back the sound until it is started by a click', async () => {
    await join();
    FakeRoomLink.newest().handlers.onSound(false);
    expect(stay.state.sounding).toBe(false);
    await stay.startAudio();
    expect(stay.state.sounding).toBe(true);
  });

  it('measures the network again and again', async () => {
    await join();
    FakeRoomLink.newest().legs = { pageRoundTripMs: 21 };
    await passes(MEASURE_EVERY_MS);
    await passes(MEASURE_EVERY_MS);
    expect(legs).toEqual([{ pageRoundTripMs: 21 }, { pageRoundTripMs: 21 }]);
  });

  it('joins the same room again by itself when the connection is lost, with the devices as they were', async () => {
    await join({ microphoneId: 'headset' });
    await stay.setCamera(true);
    FakeRoomLink.newest().end('lost');
    expect(FakeRoomLink.newest().closed).toBe(true);
    asked.mockRejectedValueOnce(new TypeError('offline'));
    await passes(1_000);
    expect(stay.state.phase).toBe('reconnecting');
    await passes(4_000);
    expect(phases()).toEqual(['joined', 'reconnecting', 'joined']);
    expect(bodies().at(-1)).toMatchObject({ room: 'blue-room', identity: bodies()[0]?.identity, previous_token: 'token' });
    expect(FakeRoomLink.newest().requests).toEqual(['microphone on headset', 'camera on']);
    expect(FakeRoomLink.made).toHaveLength(2);
  });

  it('stays muted when it joins again', async () => {
    await join({ microphoneId: '' });
    await stay.setMicrophone(false);
    FakeRoomLink.newest().end('lost');
    await passes(1_000);
    expect([stay.state.phase, FakeRoomLink.newest().requests]).toEqual(['joined', []]);
  });

  it('takes another identity when its own is still in the room that it lost', async () => {
    await join();
    const random = jest.fn(() => 0.25);
    Object.assign(stay, { random });
    FakeRoomLink.newest().end('lost');
    asked.mockImplementationOnce(async () => answer(409));
    await passes(1_000);
    await passes(4_000);
    expect(stay.state.phase).toBe('joined');
    expect(new Set(bodies().map(({ identity }) => identity)).size).toBe(2);
    expect(bodies().map((body) => body.previous_token)).toEqual([undefined, 'token', undefined]);
  });

  it('is the same visitor in the next stay, unless somebody else is that already', async () => {
    await join({ visitor: { identity: 'asha-earlier', token: 'earlier' } });
    expect(bodies()[0]).toMatchObject({ identity: 'asha-earlier', previous_token: 'earlier' });
    expect(stay.visitor).toEqual({ identity: 'asha-earlier', token: 'token' });
    const { visitor } = stay;
    await stay.leave();
    asked.mockImplementationOnce(async () => answer(409));
    await join({ visitor });
    expect([ended, stay.state.phase]).toEqual([[], 'joined']);
    expect(stay.visitor.identity).not.toBe('asha-earlier');
  });

  it('makes only one new connection when reconnecting is asked for many times', async () => {
    await join();
    FakeRoomLink.newest().end('lost');
    stay.reconnect();
    stay.reconnect();
    await settled();
    window.dispatchEvent(new Event('online'));
    await settled();
    expect([stay.state.phase, FakeRoomLink.made.length]).toEqual(['joined', 2]);
  });

  it('gives up after minutes without a server', async () => {
    await join();
    asked.mockRejectedValue(new TypeError('offline'));
    FakeRoomLink.newest().end('lost');
    for (let second = 0; second < 400; second++) await passes(1_000);
    expect(ended.map(({ problem }) => problem)).toEqual(['unreachable']);
  });

  it.each([['removed'], ['room_ended'], ['replaced']] as const)('does not come back by itself when it ends with %s', async (end) => {
    await join();
    FakeRoomLink.newest().end(end);
    await passes(60_000);
    expect([ended.map(({ problem }) => problem), asked.mock.calls.length, FakeRoomLink.newest().closed]).toEqual([[end], 1, true]);
  });

  it('does not come back when it was removed while the connection was away', async () => {
    await join();
    FakeRoomLink.newest().end('lost');
    asked.mockImplementation(async () => answer(403, { message: 'You were removed.' }));
    await passes(1_000);
    expect(ended.map(({ message }) => message)).toEqual(['You were removed.']);
  });

  it('reports nothing any more after it left, and releases everything, at whatever moment it leaves', async () => {
    for (let moments = 0; moments < 12; moments++) {
      FakeRoomLink.reset();
      const joining = join({ microphoneId: '' });
      for (let moment = 0; moment < moments; moment++) await Promise.resolve();
      const link = FakeRoomLink.made.at(-1);
      const leaving = stay.leave();
      states.length = 0;
      await Promise.all([joining, leaving]);
      link?.handlers.onMembers();
      link?.end('lost');
      link?.say({ type: 'notice', code: 'turn_limit', message: 'x' });
      await passes(60_000);
      expect([states, messages, ended, stay.state.phase]).toEqual([[], [], [], 'left']);
      expect(FakeRoomLink.made.filter(({ closed }) => !closed)).toEqual([]);
    }
  });

  it('ignores what an earlier connection still reports', async () => {
    await join();
    const first = FakeRoomLink.newest();
    first.end('lost');
    await passes(1_000);
    first.end('removed');
    first.say({ type: 'notice', code: 'turn_limit', message: 'x' });
    expect([stay.state.phase, ended, messages]).toEqual(['joined', [], []]);
  });
});
