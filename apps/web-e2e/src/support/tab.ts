import { type Browser, type Locator, type Page, expect } from '@playwright/test';
import { AUDIBLE, durationMs, isAudible, isVoiced, spans, type Span } from './listening';
import { type Block, BLOCK_MS, type PageEvent } from '../in-page/observation';
import { observe } from '../in-page/observe';
import type { ServerProcess } from '@parley/testing/client';
import type { Recording } from './recording';
import { Wire } from './wire';

export type State = 'IDLE' | 'USER_SPEAKING' | 'AI_PROCESSING' | 'AI_SPEAKING';
export type Control = 'start' | 'end' | 'mute' | 'stop' | 'send' | 'reconnect' | 'microphone' | 'sound' | 'reload' | 'clear';

const SLOW_MESSAGE_MS = 100;

/** A visitor's tab: what is on the page, what it plays, and what its server sent. */
export class Tab {
  readonly state: Locator;
  readonly notices: Locator;
  readonly textInput: Locator;
  readonly metrics: Locator;
  readonly providers: Locator;
  readonly microphones: Locator;
  /** Errors in the console and uncaught errors of the page. */
  readonly problems: string[] = [];
  /** Every connection the page has made, oldest first. */
  readonly wires: Wire[] = [];

  private constructor(
    readonly page: Page,
    readonly server: ServerProcess,
  ) {
    this.state = page.getByTestId('state');
    this.notices = page.getByTestId('notice');
    this.textInput = page.getByTestId('text-input');
    this.metrics = page.getByTestId('metrics');
    this.providers = page.getByTestId('providers');
    this.microphones = page.getByTestId('mic-select');
    page.on('pageerror', (error) => this.problems.push(String(error.stack ?? error)));
    page.on('console', (message) => message.type() === 'error' && this.problems.push(message.text()));
    page.on('websocket', (socket) => this.wires.push(new Wire(socket)));
  }

  /** Opens the page of a server, at this origin, in a browser. The owner of the browser closes it. */
  static async open(browser: Browser, server: ServerProcess, url: string, keepsSamples = false): Promise<Tab> {
    const context = await browser.newContext({ baseURL: url });
    await context.addInitScript(observe, keepsSamples);
    const tab = new Tab(await context.newPage(), server);
    await tab.page.goto('/');
    await expect(tab.control('start')).toBeVisible();
    return tab;
  }

  /** The newest connection of the page. */
  get wire(): Wire {
    const wire = this.wires.at(-1);
    if (!wire) throw new Error('the page has not connected');
    return wire;
  }

  control(name: Control): Locator {
    return this.page.getByTestId(name);
  }

  /** Lines of the transcript. */
  said(role: 'user' | 'assistant', turn?: number): Locator {
    return this.page.getByTestId('transcript').locator(`[data-role="${role}"]${turn === undefined ? '' : `[data-turn="${turn}"]`}`);
  }

  /** Presses Start and waits until the conversation runs. */
  async start(): Promise<void> {
    await this.control('start').click();
    await this.reaches('USER_SPEAKING');
  }

  async reaches(state: State, timeout = 15_000): Promise<void> {
    await expect(this.state).toHaveAttribute('data-state', state, { timeout });
  }

  async type(text: string): Promise<void> {
    await this.textInput.fill(text);
    await this.control('send').click();
  }

  /** All that was played and captured since the page made its newest AudioContext. */
  blocks(): Promise<Block[]> {
    return this.page.evaluate(() =>
      window.observation.blocks.map(({ atMs, rateHz, played, captured }) => ({ atMs, rateHz, played, captured })),
    );
  }

  /** All played or captured samples since the page made its newest AudioContext. The tab must have been opened with `keepsSamples`. */
  async samples(direction: 'played' | 'captured'): Promise<Recording> {
    const { bytes, rateHz, startMs } = await this.page.evaluate(async (which) => {
      const blocks = window.observation.blocks.flatMap(({ atMs, rateHz, samples }) =>
        samples ? [{ atMs, rateHz, samples: samples[which] }] : [],
      );
      const blob = new Blob(blocks.map(({ samples }) => samples as Float32Array<ArrayBuffer>));
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result));
        reader.readAsDataURL(blob);
      });
      const last = blocks.at(-1);
      if (!last) throw new Error('no samples were kept');
      const before = blocks.slice(0, -1).reduce((sum, { samples }) => sum + samples.length, 0);
      // Counted back from the last block: the context's clock may stand still for some blocks while its device starts.
      return { bytes: url.slice(url.indexOf(',') + 1), rateHz: last.rateHz, startMs: last.atMs - (before * 1000) / last.rateHz };
    }, direction);
    const buffer = Buffer.from(bytes, 'base64');
    return { rateHz, startMs, samples: new Float32Array(buffer.buffer, buffer.byteOffset, buffer.byteLength / 4) };
  }

  pageEvents(): Promise<PageEvent[]> {
    return this.page.evaluate(() => window.observation.pageEvents);
  }

  /** What the badge has said so far, each time it changed. */
  async stateWords(): Promise<string[]> {
    return (await this.pageEvents()).flatMap((sight) => (sight.kind === 'state' ? [sight.words] : []));
  }

  /** When the visitor last pressed this. */
  async clickedAtMs(control: Control): Promise<number> {
    const click = (await this.pageEvents()).findLast((sight) => sight.kind === 'click' && sight.testId === control);
    if (!click) throw new Error(`${control} was not pressed`);
    return click.atMs;
  }

  /** Stretches in which the page was heard; pauses between sentences are part of one. */
  async heard(): Promise<Span[]> {
    return spans(await this.blocks(), isAudible, 700);
  }

  /** Stretches in which somebody spoke into the microphone. */
  async spoken(): Promise<Span[]> {
    return spans(await this.blocks(), isVoiced, 700);
  }

  /** How long the page was audible in all, in ms. Counted within the page, which keeps long runs fast. */
  audibleMs(): Promise<number> {
    return this.page.evaluate(([level, blockMs]) => window.observation.blocks.filter(({ played }) => played > level).length * blockMs, [
      AUDIBLE,
      BLOCK_MS,
    ] as const);
  }

  /** Resolves when the page has been audible for this long in all, counted from `sinceMs` on its audio clock. */
  async isHeardFor(audibleMs: number, sinceMs = 0, timeout = 15_000): Promise<void> {
    const audibleSoFar = async (): Promise<number> =>
      (await this.heard()).filter(({ startMs }) => startMs >= sinceMs).reduce((sum, span) => sum + durationMs(span), 0);
    await expect.poll(audibleSoFar, { message: 'the page is heard', timeout, intervals: [50] }).toBeGreaterThan(audibleMs);
  }

  /** Resolves when the page's audio clock has passed this time, so that everything played before is recorded. */
  async hasListenedUntil(atMs: number, timeout = 15_000): Promise<void> {
    const until = async (): Promise<number> => (await this.page.evaluate(() => window.observation.blocks.at(-1)?.atMs)) ?? 0;
    await expect.poll(until, { message: 'the audio clock', timeout, intervals: [50] }).toBeGreaterThan(atMs);
  }

  /** Delays each further JSON message of the server a little after the one before, so that each change on the page can be seen. */
  async slowDown(): Promise<void> {
    await this.page.routeWebSocket('**/ws', (socket) => {
      let dueAtMs = 0;
      socket.connectToServer().onMessage((message) => {
        dueAtMs = Math.max(dueAtMs, performance.now()) + (typeof message === 'string' ? SLOW_MESSAGE_MS : 0);
        setTimeout(() => socket.send(message), dueAtMs - performance.now());
      });
    });
  }

  /** `readyState` of every microphone track the page was ever given. */
  trackStates(): Promise<string[]> {
    return this.page.evaluate(() => window.observation.streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState)));
  }

  /** Simulates unplugging the microphone: its tracks end. */
  async unplugMicrophone(): Promise<void> {
    await this.page.evaluate(() => {
      for (const track of window.observation.streams.flatMap((stream) => stream.getTracks())) {
        // `stop` fires no event, because `ended` is for tracks that end for another reason.
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    });
  }
}
