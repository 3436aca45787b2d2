import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { provideEndpoints } from '@parley/angular/server';
import { RoomSession } from '@parley/angular/rooms';
import { TEST_ENDPOINTS } from '@parley/angular/testing';
import { type BrowserFakes, FakeRoomLink, installBrowserFakes, publicConfig, settled } from '@parley/client/testing';
import { TextDecoder, TextEncoder } from 'node:util';
import { RoomsPage } from './rooms-page';

const ACCESS = { url: 'ws://media', room: 'blue-room', token: 'token', expires_at: '2026-11-30T10:00:00Z' };
const ROOMS = { available: true, assistant_name: 'Parley', recording: false, open: true };

describe('RoomsPage', () => {
  let fakes: BrowserFakes;
  let page: HTMLElement;
  let session: RoomSession;
  let stable: () => Promise<unknown>;
  let asked: { name: string; room?: string; only_when_addressed?: boolean }[];

  const find = <T extends HTMLElement = HTMLElement>(testId: string): T => {
    const found = page.querySelector<T>(`[data-testid="${testId}"]`);
    if (!found) throw new Error(`There is no ${testId}.`);
    return found;
  };
  const isThere = (testId: string): boolean => page.querySelector(`[data-testid="${testId}"]`) !== null;
  const happens = async (): Promise<void> => {
    await settled();
    await stable();
    await settled();
    await stable();
  };
  const press = async (testId: string): Promise<void> => {
    find(testId).click();
    await happens();
  };
  const fill = (testId: string, text: string): void => {
    const input = find<HTMLInputElement>(testId);
    input.value = text;
    input.dispatchEvent(new Event('input'));
  };
  const open = async (rooms: Partial<typeof ROOMS> & { detail?: string } = ROOMS): Promise<void> => {
    fakes.config = Object.assign(publicConfig(), { rooms });
    TestBed.configureTestingModule({ providers: [provideRouter([]), provideEndpoints(() => TEST_ENDPOINTS)] });
    const fixture = TestBed.createComponent(RoomsPage);
    page = fixture.nativeElement as HTMLElement;
    document.body.append(page);
    session = fixture.debugElement.injector.get(RoomSession);
    // The media server is played by the test.
    Object.assign(Reflect.get(session, 'settings'), { openLink: async (handlers: never) => new FakeRoomLink(handlers) });
    stable = () => fixture.whenStable();
    await happens();
  };
  const join = async (): Promise<FakeRoomLink> => {
    fill('name', 'Asha');
    await press('join');
    return FakeRoomLink.newest();
  };

  beforeAll(() => void Object.assign(globalThis, { TextDecoder, TextEncoder }));
  beforeEach(() => {
    fakes = installBrowserFakes();
    FakeRoomLink.reset();
    asked = [];
    const config = globalThis.fetch;
    globalThis.fetch = (async (address: string, init: RequestInit) => {
      if (address !== '/api/rooms') return config(address, init);
      asked.push(JSON.parse(String(init.body)));
      return { ok: true, status: 201, json: async () => ACCESS };
    }) as typeof fetch;
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    page.remove();
    localStorage.clear();
    fakes.restore();
  });

  it('joins a room by name, shows its address, and comes back to the lobby after leaving', async () => {
    await open();
    fill('room', 'blue-room');
    await join();
    expect(asked).toMatchObject([{ name: 'Asha', room: 'blue-room' }]);
    expect([isThere('lobby'), find('room-name').textContent, TestBed.inject(Location).path()]).toEqual([
      false,
      'blue-room',
      '/rooms/blue-room',
    ]);
    expect(page.querySelectorAll('[data-testid=member]')).toHaveLength(3);
    await press('leave');
    expect([isThere('room-view'), find<HTMLInputElement>('room').value, find<HTMLInputElement>('name').value]).toEqual([
      false,
      'blue-room',
      'Asha',
    ]);
    expect(FakeRoomLink.newest().closed).toBe(true);
  });

  it('asks for a new room when no name of one is given, and tells the server when the assistant is to wait for its name', async () => {
    await open();
    find<HTMLInputElement>('only-when-addressed').click();
    await join();
    expect(asked[0]).toMatchObject({ name: 'Asha', only_when_addressed: true });
    expect(asked[0]?.room).toBeUndefined();
  });

  it('remembers the name for the next visit', async () => {
    await open();
    await join();
    TestBed.resetTestingModule();
    page.remove();
    await open();
    expect(find<HTMLInputElement>('name').value).toBe('Asha');
  });

  it('does not join without a name, or into a room whose name the server would not accept', async () => {
    await open();
    await press('join');
    expect([asked, page.textContent?.includes('Please enter your name.'), document.activeElement]).toEqual([[], true, find('name')]);
    fill('room', 'blue room!');
    fill('name', 'Asha');
    await press('join');
    expect([asked, page.textContent?.includes('Use only letters'), document.activeElement]).toEqual([[], true, find('room')]);
  });

  it('joins with the microphone that was tried, and gives it back before', async () => {
    await open();
    await press('try');
    const select = page.querySelector<HTMLSelectElement>('[data-testid=mic-select]');
    if (select) select.value = 'headset';
    select?.dispatchEvent(new Event('change'));
    await happens();
    expect(isThere('level')).toBe(true);
    const link = await join();
    expect(fakes.devices.tracks.map(({ stopped }) => stopped)).toEqual([true, true]);
    expect(link.requests).toEqual(['microphone on headset']);
  });

  it('joins without a microphone when that is chosen', async () => {
    await open();
    fill('name', 'Asha');
    await press('join-silent');
    expect([FakeRoomLink.newest().requests, find('mute').getAttribute('aria-label')]).toEqual([[], 'Turn on your microphone']);
  });

  it('switches microphone, camera and screen with the controls', async () => {
    await open();
    const link = await join();
    for (const control of ['mute', 'camera', 'camera', 'mute']) await press(control);
    expect(link.requests).toEqual(['microphone on', 'microphone muted', 'camera on', 'camera off', 'microphone on']);
    // jsdom shares no screen, like the browsers of phones.
    expect(isThere('share')).toBe(false);
  });

  it('shows what is said and written, and counts what is not seen', async () => {
    await open();
    const link = await join();
    link.say({ type: 'transcript', turn: 1, text: 'What time is it?', is_final: true, identity: 'ben-1' });
    await happens();
    expect(find('transcript').textContent).toContain('Ben');
    await press('chat');
    expect(isThere('talk')).toBe(false);
    link.write('Are you there?');
    await happens();
    expect(find('unread').textContent).toBe('1');
    await press('chat');
    expect([isThere('unread'), find('transcript').textContent?.includes('Are you there?')]).toEqual([false, true]);
    fill('text-input', 'Yes.');
    await press('send');
    expect(link.texts).toEqual([['lk.chat', 'Yes.']]);
  });

  it('copies the link to the room', async () => {
    const writeText = jest.fn(async () => undefined);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    await open();
    await join();
    await press('copy');
    expect(writeText).toHaveBeenCalledWith('http://localhost/rooms/blue-room');
    expect(find('copy').textContent).toContain('Copied');
    Reflect.deleteProperty(navigator, 'clipboard');
  });

  it.each([
    ['what the server says', { available: false, detail: 'Set LIVEKIT_URL.' }, 'Set LIVEKIT_URL.'],
    ['that none is set up', {}, 'none is set up'],
  ])('says plainly that there are no rooms, how to get them, and %s', async (_what, rooms, words) => {
    await open(rooms);
    expect([isThere('lobby'), find('rooms-unavailable').textContent]).toEqual([false, expect.stringContaining(words)]);
    expect(find('rooms-unavailable').textContent).toContain('npm run livekit');
  });

  it('moves the keyboard’s place along when it joins and leaves', async () => {
    await open();
    await join();
    expect(document.activeElement).toBe(find('room-view'));
    await press('leave');
    expect(document.activeElement).toBe(find('join'));
  });

  it('names every control', async () => {
    await open();
    const nameless = (): string[] =>
      [...page.querySelectorAll<HTMLElement>('button, select, input, a')]
        .filter((control) => {
          const labels = control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.labels?.length : 0;
          return !labels && !control.getAttribute('aria-label') && !control.textContent?.trim();
        })
        .map(({ outerHTML }) => outerHTML);
    expect(nameless()).toEqual([]);
    await join();
    expect(nameless()).toEqual([]);
  });
});
