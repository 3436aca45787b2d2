import {
  type ProviderErrorCode,
  type ProviderInfo,
  type VoiceAgent,
  type VoiceAgentEvent,
  type VoiceAgentListener,
  type VoiceAgentOptions,
  type VoiceAgentOverride,
  type VoiceAgentSession,
  type VoiceAgentToolResult,
  type WarmSessions,
} from '@parley/providers';
import { FAKE_INFO, fakeFailure } from './fake-failure';

export interface FakeVoiceAgentOptions {
  info?: ProviderInfo;
  /** Default: all. */
  overridable?: readonly VoiceAgentOverride[];
  /** The result of the nth `open` call (from 0): it succeeds, fails, or never resolves. Default: all succeed. */
  opening?: (index: number) => 'opens' | 'hangs' | ProviderErrorCode;
}

const ALL: readonly VoiceAgentOverride[] = ['prompt', 'firstMessage', 'language', 'voiceId'];

/** An agent that says what the test tells it to, and records what it receives. */
export class FakeVoiceAgent implements VoiceAgent {
  readonly info: ProviderInfo;
  readonly overridable: ReadonlySet<VoiceAgentOverride>;
  readonly warm: WarmSessions = { ready: 0, hits: 0, misses: 0 };
  /** Those that were opened, in order. */
  readonly sessions: FakeAgentSession[] = [];
  /** The options of every `open` call, including those that failed. */
  readonly openings: VoiceAgentOptions[] = [];
  /** Called with each new session, so that a test can answer by itself. */
  onSession: (session: FakeAgentSession) => void = () => undefined;
  isWarming = false;
  isClosed = false;

  constructor(private readonly options: FakeVoiceAgentOptions = {}) {
    this.info = options.info ?? FAKE_INFO;
    this.overridable = new Set(options.overridable ?? ALL);
  }

  /** The number of sessions that have not ended. */
  get openSessions(): number {
    return this.sessions.filter(({ isOver }) => !isOver).length;
  }

  /** The session of the last opening. */
  get session(): FakeAgentSession {
    const session = this.sessions.at(-1);
    if (!session) throw new Error('no session was opened');
    return session;
  }

  async open(options: VoiceAgentOptions, listener: VoiceAgentListener, signal: AbortSignal): Promise<VoiceAgentSession | undefined> {
    const outcome = this.options.opening?.(this.openings.length) ?? 'opens';
    this.openings.push(options);
    if (outcome === 'hangs') await aborted(signal);
    else if (outcome !== 'opens') throw fakeFailure(this.info, outcome);
    if (signal.aborted) return undefined;
    const session = new FakeAgentSession(listener, signal, this.info);
    this.sessions.push(session);
    this.onSession(session);
    return session;
  }

  startWarming(): void {
    this.isWarming = true;
  }

  close(): void {
    this.isClosed = true;
  }
}

/** One conversation; the test speaks for the agent. */
export class FakeAgentSession implements VoiceAgentSession {
  /** Every call it received, in order, except audio. */
  readonly calls: [name: string, ...args: unknown[]][] = [];
  /** All audio samples it received. */
  readonly heard: number[] = [];
  /** Called with every call it receives, except audio. */
  onCall: (name: string, ...args: unknown[]) => void = () => undefined;
  /** True once it was closed, ended or failed. */
  isOver = false;
  readonly #onAbort = () => void this.close();

  constructor(
    private readonly listener: VoiceAgentListener,
    private readonly signal: AbortSignal,
    private readonly info: ProviderInfo,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  pushAudio(pcm: Int16Array): void {
    if (!this.isOver) this.heard.push(...pcm);
  }

  sendText(text: string): void {
    this.#keep('sendText', text);
  }

  contextualUpdate(text: string): void {
    this.#keep('contextualUpdate', text);
  }

  toolResult(result: VoiceAgentToolResult): void {
    this.#keep('toolResult', result);
  }

  userActivity(): void {
    this.#keep('userActivity');
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  /** Emits an event of the agent; does nothing once the session is over. */
  tell(event: Exclude<VoiceAgentEvent, { type: 'ended' }>): void {
    if (!this.isOver) this.listener(event);
  }

  /** Audio of this length now, every sample the same. */
  speak(durationMs: number, sample = 1, alignment?: Extract<VoiceAgentEvent, { type: 'audio' }>['alignment']): void {
    const pcm = new Int16Array(durationMs * 24).fill(sample);
    this.tell({ type: 'audio', pcm, ...(alignment && { alignment }) });
  }

  hangUp(): void {
    if (this.isOver) return;
    this.#end();
    this.listener({ type: 'ended', by: 'agent' });
  }

  fail(code: ProviderErrorCode): void {
    if (this.isOver) return;
    this.#end();
    this.listener({ type: 'ended', by: 'failure', error: fakeFailure(this.info, code) });
  }

  #keep(...call: [name: string, ...args: unknown[]]): void {
    if (this.isOver) return;
    this.calls.push(call);
    this.onCall(...call);
  }

  #end(): void {
    this.isOver = true;
    this.signal.removeEventListener('abort', this.#onAbort);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
