import { type Type } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { BEN, ME, PARLEY } from '@parley/client/testing';
import type { RoomMember, RoomState } from '@parley/client/rooms';
import { AssistantPresence } from './assistant-presence';
import { MemberGrid } from './member-grid';
import { initialsOf, memberInWords } from './member-words';
import { NetworkLegsPanel } from './network-legs-panel';
import { RoomControls } from './room-controls';

async function show<T>(component: Type<T>, inputs: Record<string, unknown>): Promise<[HTMLElement, ComponentFixture<T>]> {
  const fixture = TestBed.createComponent(component);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  await fixture.whenStable();
  return [fixture.nativeElement as HTMLElement, fixture];
}

const video = () => ({ attach: jest.fn(), detach: jest.fn() });

describe('MemberGrid', () => {
  const tiles = (page: HTMLElement): HTMLElement[] => [...page.querySelectorAll<HTMLElement>('[data-testid=member]')];

  it('shows everybody with name, state of the microphone and connection, and who speaks', async () => {
    const [page] = await show(MemberGrid, {
      members: [{ ...ME, microphone: 'muted' }, { ...BEN, isSpeaking: true, connection: 'poor' }, PARLEY] satisfies RoomMember[],
    });
    expect(tiles(page).map((tile) => tile.getAttribute('aria-label'))).toEqual([
      'Asha, you, muted, connection: good',
      'Ben, speaking, connection: poor',
      'Parley, assistant, listening, connection: good',
    ]);
    expect(tiles(page).map(({ dataset }) => dataset['speaking'])).toEqual(['false', 'true', 'false']);
  });

  it('shows that the assistant speaks as soon as it says so', async () => {
    const [page] = await show(MemberGrid, { members: [{ ...PARLEY, agentState: 'speaking' }] });
    expect(tiles(page)[0]?.dataset['speaking']).toBe('true');
  });

  it('shows no tile for what records the room', async () => {
    const [page] = await show(MemberGrid, { members: [ME, { ...BEN, kind: 'other' }] });
    expect(tiles(page)).toHaveLength(1);
  });

  it('shows a camera and a screen as long as there are some, and no longer', async () => {
    const [camera, screen] = [video(), video()];
    const [page, fixture] = await show(MemberGrid, { members: [{ ...BEN, camera, screen }] });
    expect([camera.attach.mock.calls.length, screen.attach.mock.calls.length]).toEqual([1, 1]);
    fixture.componentRef.setInput('members', [{ ...BEN, camera, screen, isSpeaking: true }]);
    await fixture.whenStable();
    expect([camera.attach.mock.calls.length, camera.detach.mock.calls.length]).toEqual([1, 0]);
    fixture.componentRef.setInput('members', [BEN]);
    await fixture.whenStable();
    expect([camera.detach.mock.calls.length, screen.detach.mock.calls.length]).toEqual([1, 1]);
    expect(page.querySelector('video')).toBeNull();
  });
});

describe('the words for a member', () => {
  it.each([
    ['Asha', 'A'],
    ['Asha Devi Rao', 'AR'],
    ['ben-k3f9x2', 'BK'],
    ['  ', '?'],
    ['👩‍🚀 Zoë', '👩Z'],
  ])('are the initials of %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it('say that somebody has no microphone', () => {
    expect(memberInWords({ ...BEN, microphone: 'off', connection: 'unknown' })).toBe(
      'Ben, without a microphone, connection: not known yet',
    );
  });
});

describe('AssistantPresence', () => {
  it.each([
    [undefined, 'The assistant is not here yet', 0],
    [PARLEY, 'Parley: listening', 0],
    [{ ...PARLEY, agentState: 'thinking' as const }, 'Parley: thinking', 0],
    [{ ...PARLEY, agentState: 'speaking' as const }, 'Parley: speaking', 1],
    [{ ...PARLEY, agentState: undefined }, 'Parley: here', 0],
  ])('says what the assistant does, and stops it while it speaks', async (assistant, words, stops) => {
    const [page, fixture] = await show(AssistantPresence, { assistant });
    const stopped = jest.fn();
    fixture.componentInstance.stopped.subscribe(stopped);
    expect(page.querySelector('[data-testid=presence]')?.textContent?.trim()).toBe(words);
    page.querySelector<HTMLElement>('[data-testid=stop]')?.click();
    expect(stopped).toHaveBeenCalledTimes(stops);
  });
});

describe('NetworkLegsPanel', () => {
  const values = (page: HTMLElement): string[] => [...page.querySelectorAll('dd')].map(({ textContent }) => textContent ?? '');

  it('shows what is known of the way to the assistant, and says what is not', async () => {
    const [page, fixture] = await show(NetworkLegsPanel, { legs: {} });
    expect(values(page)).toEqual(['not measured yet', 'not reported', 'nothing heard yet']);
    fixture.componentRef.setInput('legs', { pageRoundTripMs: 0.4, assistantRoundTripMs: 12.6, bufferMs: 61 });
    await fixture.whenStable();
    expect(values(page)).toEqual(['under 1 ms', '13 ms', '61 ms']);
    expect(page.querySelector('summary')?.textContent).toContain('media server under 1 ms away');
  });
});

describe('RoomControls', () => {
  const state: RoomState = { phase: 'joined', room: 'r', members: [], microphone: 'on', camera: false, screen: false, sounding: true };
  const control = (page: HTMLElement, id: string): HTMLButtonElement | null => page.querySelector(`[data-testid=${id}]`);

  it('names every control, tells whether it is on, and reports which is pressed', async () => {
    const [page, fixture] = await show(RoomControls, { state: { ...state, camera: true }, isChatOpen: true });
    const pressed = jest.fn();
    fixture.componentInstance.pressed.subscribe(pressed);
    const buttons = [...page.querySelectorAll('button')];
    expect(buttons.map((button) => [button.getAttribute('aria-label'), button.getAttribute('aria-pressed')])).toEqual([
      ['Mute your microphone', 'true'],
      ['Turn off your camera', 'true'],
      ['Share your screen', 'false'],
      ['Hide the conversation', 'true'],
      ['Copy the link to this room', null],
      ['Leave the room', null],
    ]);
    for (const button of buttons) button.click();
    expect(pressed.mock.calls.flat()).toEqual(['mute', 'camera', 'share', 'chat', 'copy', 'leave']);
  });

  it.each([
    ['off', 'Turn on your microphone', false],
    ['opening', 'Turn on your microphone', true],
    ['muted', 'Unmute your microphone', false],
  ] as const)('says what its first button does while the microphone is %s', async (microphone, label, isDisabled) => {
    const [page] = await show(RoomControls, { state: { ...state, microphone }, isChatOpen: true });
    expect([control(page, 'mute')?.getAttribute('aria-label'), control(page, 'mute')?.disabled]).toEqual([label, isDisabled]);
  });

  it('leaves only what works without a connection while it is being repaired', async () => {
    const [page] = await show(RoomControls, { state: { ...state, phase: 'reconnecting' }, isChatOpen: true });
    const enabled = [...page.querySelectorAll('button')].filter(({ disabled }) => !disabled).map(({ dataset }) => dataset['testid']);
    expect(enabled).toEqual(['chat', 'copy', 'leave']);
  });

  it('counts what was not seen while the conversation is hidden, and offers no screen where the browser has none to give', async () => {
    const [page] = await show(RoomControls, { state, isChatOpen: false, unread: 3, canShare: false });
    expect(control(page, 'chat')?.getAttribute('aria-label')).toBe('Show the conversation, 3 unread');
    expect([page.querySelector('[data-testid=unread]')?.textContent, control(page, 'share')]).toEqual(['3', null]);
  });
});
