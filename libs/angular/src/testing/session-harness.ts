import { TestBed } from '@angular/core/testing';
import {
  type BrowserFakes,
  FakeAudioContext,
  type FakeAudioWorkletNode,
  FakeWebSocket,
  installBrowserFakes,
  settled,
  startConversation,
} from '@parley/client/testing';
import type { ServerMessage } from '@parley/protocol';
import { provideEndpoints } from '../endpoints';
import { AssistantSession, provideAssistant } from '../session/assistant-session';
import { PAGE_RELOAD } from '../session/page-reload';
import { TEST_ENDPOINTS } from './test-endpoints';

/** The page's session among fakes, for one spec. */
export class SessionHarness {
  readonly fakes: BrowserFakes = installBrowserFakes();
  /** Called in the place of loading the page anew. */
  readonly reload = jest.fn();
  private made: AssistantSession | undefined;

  /** The session; the page is opened when it is first asked for. */
  get session(): AssistantSession {
    return this.made ?? this.open();
  }

  /** Opens the page: from here on it watches devices and asks the server what it offers. */
  open(): AssistantSession {
    TestBed.configureTestingModule({
      providers: [provideEndpoints(() => TEST_ENDPOINTS), provideAssistant(), { provide: PAGE_RELOAD, useValue: this.reload }],
    });
    this.made = TestBed.inject(AssistantSession);
    return this.made;
  }

  /** Presses Start and lets the server begin. */
  async live(useMicrophone = true): Promise<void> {
    await this.session.start(useMicrophone);
    startConversation(this.fakes.socket());
    await settled();
  }

  /** The server says something. */
  say(...messages: ServerMessage[]): void {
    for (const message of messages) this.fakes.socket().say(message);
  }

  /** The connection goes, and every attempt to make another fails, until the page gives up. */
  failToConnect(): void {
    while (this.session.phase() !== 'disconnected') {
      if (this.fakes.socket().readyState !== 3) this.fakes.socket().drop(1006);
      jest.advanceTimersByTime(1_000);
    }
  }

  /** What stands in the transcript. */
  texts(): string[] {
    return this.session.view.transcript.entries().map((entry) => entry.text);
  }

  /** The newest worklet node of a kind. */
  worklet(processor: 'parley-capture' | 'parley-playback'): FakeAudioWorkletNode {
    const node = this.fakes.context().worklet(processor);
    if (!node) throw new Error(`There is no ${processor} yet.`);
    return node;
  }

  /** Kinds of the notices on the page. */
  notices(): string[] {
    return this.session.view.notices().map((notice) => notice.kind);
  }

  /** Everything a conversation holds is given back: microphone, audio device, socket, timers. */
  expectReleased(): void {
    expect(this.fakes.devices.tracks.filter((track) => !track.stopped)).toEqual([]);
    expect(FakeAudioContext.made.map((context) => context.state)).toEqual(FakeAudioContext.made.map(() => 'closed'));
    expect(FakeWebSocket.made.map((socket) => socket.readyState)).toEqual(FakeWebSocket.made.map(() => 3));
    expect(jest.getTimerCount()).toBe(0);
  }

  /** Leaves the page; nothing may be left behind. */
  leave(): void {
    TestBed.resetTestingModule();
    this.expectReleased();
    this.fakes.restore();
  }
}

/** To be called within a suite: gives each of its tests a new page and fake timers, and leaves the page after the test. */
export function forEachTest(receive: (page: SessionHarness) => void): void {
  let page: SessionHarness;
  beforeEach(() => {
    jest.useFakeTimers();
    page = new SessionHarness();
    receive(page);
  });
  afterEach(() => {
    page.leave();
    jest.useRealTimers();
  });
}
