import { TextDecoder, TextEncoder } from 'node:util';
import { TestBed } from '@angular/core/testing';
import { BEN, type BrowserFakes, FakeRoomLink, PARLEY, installBrowserFakes, settled } from '@parley/client/testing';
import { PAGE_RELOAD } from '../session/page-reload';
import { provideRooms } from './provide-rooms';
import { RoomSession } from './room-session';

const ACCESS = { url: 'ws://media', room: 'blue-room', token: 'token', expires_at: '2026-11-30T10:00:00Z' };

describe('RoomSession', () => {
  const { fetch: originalFetch } = globalThis;
  const reload = jest.fn();
  let fakes: BrowserFakes;
  let session: RoomSession;
  let status: number;
  let identities: string[];
  const link = (): FakeRoomLink => FakeRoomLink.newest();
  const notices = (): string[] => session.notices().map(({ kind }) => kind);
  const join = async (): Promise<void> => {
    await session.join({ name: 'Asha', join: {}, microphoneId: '' });
    await settled();
  };

  beforeAll(() => void Object.assign(globalThis, { TextDecoder, TextEncoder }));
  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    FakeRoomLink.reset();
    status = 201;
    identities = [];
    globalThis.fetch = (async (_address: string, { body }: RequestInit) => {
      identities.push(JSON.parse(String(body)).identity);
      return { ok: status < 400, status, json: async () => (status < 400 ? ACCESS : { message: `Refused with ${status}.` }) };
    }) as unknown as typeof fetch;
    const settings = {
      apiUrl: '/api',
      linkTo: (room: string) => `https://here/rooms/${room}`,
      openLink: async (handlers: ConstructorParameters<typeof FakeRoomLink>[0]) => new FakeRoomLink(handlers),
    };
    TestBed.configureTestingModule({ providers: [provideRooms(() => settings), { provide: PAGE_RELOAD, useValue: reload }] });
    session = TestBed.inject(RoomSession);
  });
  afterEach(async () => {
    TestBed.resetTestingModule();
    await settled();
    expect(FakeRoomLink.made.filter(({ closed }) => !closed)).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    fakes.restore();
    globalThis.fetch = originalFetch;
  });

  it('is in the room with a link to it after joining, and in none after leaving', async () => {
    await join();
    expect([session.isInside(), session.link(), session.assistant()?.name]).toEqual([true, 'https://here/rooms/blue-room', 'Parley']);
    await session.leave();
    expect([session.isInside(), session.members(), link().closed]).toEqual([false, [], true]);
  });

  it('leaves the room with the page', async () => {
    await join();
    TestBed.resetTestingModule();
    expect(link().closed).toBe(true);
  });

  it('says in the server’s words why it could not join, and can then join', async () => {
    status = 503;
    await join();
    expect(session.notices()).toMatchObject([{ kind: 'ended', tone: 'error', text: 'Refused with 503.' }]);
    status = 201;
    await join();
    expect([session.isInside(), notices()]).toEqual([true, []]);
  });

  it('is the same visitor to the server when it joins again', async () => {
    await join();
    await session.leave();
    await join();
    expect(identities).toHaveLength(2);
    expect(new Set(identities).size).toBe(1);
  });

  it('is in one room at most when Join is pressed twice', async () => {
    const first = join();
    await Promise.all([first, join()]);
    expect(FakeRoomLink.made).toHaveLength(1);
  });

  it('shows what the assistant hears and says, and its troubles', async () => {
    await join();
    link().say({ type: 'transcript', turn: 1, text: 'Hello.', is_final: true, identity: BEN.identity });
    link().say({ type: 'error', code: 'llm_failed', message: 'The language model does not answer.', fatal: false });
    expect(session.conversation.transcript.entries()).toMatchObject([{ text: 'Hello.', speaker: { name: 'Ben' } }]);
    expect(session.notices()).toMatchObject([{ tone: 'error', text: 'The language model does not answer.' }]);
  });

  it('counts what others write, and not what the visitor writes', async () => {
    await join();
    link().write('Hi.');
    await session.sendChat('Hello.');
    expect([session.unread(), session.conversation.transcript.entries().length]).toEqual([1, 2]);
  });

  it('says that a message was not sent while the connection is away, until one is', async () => {
    await join();
    link().handlers.onInterrupted(true);
    await session.sendChat('Hello?');
    expect(notices()).toEqual(['connection', 'chat']);
    link().handlers.onInterrupted(false);
    await session.sendChat('Hello?');
    expect(notices()).toEqual([]);
  });

  it('says that the connection is being repaired, and connects at once when that is asked for', async () => {
    await join();
    link().end('lost');
    expect([session.phase(), notices()]).toEqual(['reconnecting', ['connection']]);
    session.act('reconnect');
    await settled();
    expect([session.phase(), notices(), FakeRoomLink.made.length]).toEqual(['joined', [], 2]);
  });

  it('offers to turn on the sound that the browser holds back', async () => {
    await join();
    link().handlers.onSound(false);
    expect(notices()).toEqual(['sound']);
    session.act('sound');
    await settled();
    expect([notices(), link().soundStarts]).toEqual([[], 1]);
  });

  it('offers to try the microphone again that was refused', async () => {
    FakeRoomLink.deviceRefusal = new DOMException('', 'NotAllowedError');
    await join();
    expect(notices()).toEqual(['microphone']);
    FakeRoomLink.deviceRefusal = undefined;
    session.act('microphone');
    await settled();
    expect([notices(), session.state()?.microphone]).toEqual([[], 'on']);
  });

  it.each([
    ['camera', 'NotReadableError', ['camera']],
    ['screen', 'NotFoundError', ['screen']],
    // Who presses Cancel in the browser's own question knows that.
    ['screen', 'NotAllowedError', []],
  ] as const)('says what is wrong with the %s after a %s', async (device, name, kinds) => {
    await join();
    FakeRoomLink.deviceRefusal = new DOMException('', name);
    if (device === 'camera') session.setCamera(true);
    else session.setScreen(true);
    await settled();
    expect(notices()).toEqual(kinds);
  });

  it.each([
    ['removed', 'You were removed from the room.'],
    ['room_ended', 'The room was ended.'],
    ['replaced', 'You joined this room in another place, so you left it here.'],
  ] as const)('keeps what was said when the stay ends with %s', async (end, text) => {
    await join();
    link().write('Hi.');
    link().end(end);
    expect([session.isInside(), session.notices().map((notice) => notice.text)]).toEqual([false, [text]]);
    expect(session.conversation.transcript.entries()).toHaveLength(1);
    await join();
    expect(session.conversation.transcript.entries()).toHaveLength(2);
  });

  it('tells who came and who left, but not everybody again after a lost connection', async () => {
    await join();
    const carl = { ...BEN, identity: 'carl-1', name: 'Carl' };
    link().seat(BEN, PARLEY, carl);
    expect(session.news()).toBe('Carl joined.');
    link().seat(PARLEY, carl);
    expect(session.news()).toBe('Ben left.');
    link().end('lost');
    session.act('reconnect');
    await settled();
    expect(session.news()).toBe('Ben left.');
  });

  it('asks the assistant to stop', async () => {
    await join();
    session.interrupt();
    expect(link().data).toEqual([['parley', '{"type":"interrupt"}']]);
  });
});
