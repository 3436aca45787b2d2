import { type Browser, type Locator, type Page, expect } from '@playwright/test';
import { AUDIBLE } from '../../support/listening';
import { hearRoom, type RoomBlock } from '../in-page/hear-room';

/** A room is entered, and an assistant is there, after some seconds on a machine that is busy with other tests. */
export const SOON = { timeout: 30_000 };
const BLOCK_MS = 20;

/** Somebody's tab with the page for rooms. */
export class RoomTab {
  /** Errors in the console and uncaught errors of the page. */
  readonly problems: string[] = [];
  readonly view: Locator;
  readonly lobby: Locator;
  readonly presence: Locator;
  readonly notices: Locator;

  private constructor(readonly page: Page) {
    this.view = page.getByTestId('room-view');
    this.lobby = page.getByTestId('lobby');
    this.presence = page.getByTestId('presence');
    this.notices = page.getByTestId('notice');
    page.on('pageerror', (error) => this.problems.push(String(error.stack ?? error)));
    page.on('console', (message) => message.type() === 'error' && this.problems.push(message.text()));
  }

  /** Opens the lobby. The owner of the browser closes it. */
  static async open(browser: Browser, url: string, path = '/rooms'): Promise<RoomTab> {
    const context = await browser.newContext({ baseURL: url });
    await context.addInitScript(hearRoom);
    const tab = new RoomTab(await context.newPage());
    await tab.page.goto(path);
    return tab;
  }

  /** Fills in the lobby and joins. An empty room is a new one. */
  async join(name: string, { room, microphone = true }: { room?: string; microphone?: boolean } = {}): Promise<void> {
    await this.page.getByTestId('name').fill(name);
    if (room !== undefined) await this.page.getByTestId('room').fill(room);
    await this.page.getByTestId(microphone ? 'join' : 'join-silent').click();
    await expect(this.view).toBeVisible(SOON);
  }

  /** Resolves when the assistant is in the room and listens. */
  async listens(): Promise<void> {
    await expect(this.presence).toHaveAttribute('data-state', 'listening', SOON);
  }

  async press(control: 'mute' | 'camera' | 'share' | 'chat' | 'copy' | 'leave' | 'stop'): Promise<void> {
    await this.page.getByTestId(control).click();
  }

  /** Somebody's tile. */
  member(name: string): Locator {
    return this.page.locator(`[data-testid="member"][data-name="${name}"]`);
  }

  /** Lines of the transcript. */
  said(role: 'user' | 'assistant'): Locator {
    return this.page.getByTestId('transcript').locator(`[data-role="${role}"]`);
  }

  async write(text: string): Promise<void> {
    await this.page.getByTestId('text-input').fill(text);
    await this.page.getByTestId('send').click();
  }

  /** All that was played so far, in blocks of 20 ms. */
  blocks(): Promise<RoomBlock[]> {
    return this.page.evaluate(() => window.roomHearing.blocks.map(({ atMs, level }) => ({ atMs, level })));
  }

  /** How long the room was audible, in ms, from the block at `from` on. */
  async audibleMs(from = 0): Promise<number> {
    return (await this.blocks()).slice(from).filter(({ level }) => level > AUDIBLE).length * BLOCK_MS;
  }

  /** Resolves when the room was audible for this long, counted from the block at `from` on. */
  async hears(audibleMs: number, from = 0): Promise<void> {
    await expect.poll(() => this.audibleMs(from), { message: 'the room is heard', timeout: 30_000 }).toBeGreaterThan(audibleMs);
  }

  /** Resolves when nothing was audible for this long; the time of the last sound, in ms on the clock of the blocks. */
  async fallsSilent(forMs: number): Promise<number> {
    const silence = async (): Promise<number> => {
      const blocks = await this.blocks();
      const last = blocks.findLastIndex(({ level }) => level > AUDIBLE);
      return (blocks.length - 1 - last) * BLOCK_MS;
    };
    await expect.poll(silence, { message: 'the room is silent', timeout: 30_000 }).toBeGreaterThan(forMs);
    return (await this.blocks()).findLast(({ level }) => level > AUDIBLE)?.atMs ?? 0;
  }

  /** `readyState` of every track of a microphone, camera or screen the page was ever given. */
  trackStates(): Promise<string[]> {
    return this.page.evaluate(() => window.roomHearing.streams.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState)));
  }
}
