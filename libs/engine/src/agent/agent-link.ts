import {
  ProviderError,
  reconnectDelayMs,
  type VoiceAgent,
  type VoiceAgentEvent,
  type VoiceAgentOverrides,
  type VoiceAgentSession,
  type VoiceAgentToolResult,
} from '@parley/providers';
import { AudioBacklog } from './audio-backlog';

/** What the agent sends while a connection lasts. */
export type AgentConnectionEvent = Exclude<VoiceAgentEvent, { type: 'ended' }>;

export interface AgentLinkListener {
  /** The agent listens, for the first time or again. Audio that was kept in the meantime is sent to it after this call. */
  opened(again: boolean): void;
  /** Called for every event, in the order in which the events arrive. */
  event(event: AgentConnectionEvent): void;
  /** The connection was lost and is being made again. Called once for each loss. */
  lost(error: ProviderError): void;
  /** Some of what the user said while there was no connection was dropped. Called once for each loss. */
  audioDropped(): void;
  /** The agent ended the conversation. The last call. */
  hungUp(): void;
  /** There will be no connection. The last call. */
  failed(error: ProviderError): void;
}

export interface AgentLinkOptions {
  agent: VoiceAgent;
  outputRateHz: number;
  /** `again` is false for the first connection and true for a later one, which continues the conversation. */
  overrides: (again: boolean) => VoiceAgentOverrides;
  /** Random number from 0 to 1, which spreads the reconnects of many conversations over time. */
  random: () => number;
  /** Monotonic clock, in ms. */
  now: () => number;
}

/** How many times in a row a connection that was lost, or could not be made, is tried again. */
const MAX_RECONNECTS = 3;
/** After a connection that lasted this long, the count of reconnects starts from zero. */
const GOOD_CONNECTION_MS = 10_000;
/** The longest wait before a reconnect, even if the vendor asks for more: nobody waits longer for an answer. */
const LONGEST_WAIT_MS = 5_000;
const BACKLOG_MS = 15_000;

/**
 * The connection of one conversation to the agent. It is made again when it is lost, and what the user says in the meantime is kept. Closed
 * by its owner.
 */
export class AgentLink {
  private readonly backlog = new AudioBacklog(BACKLOG_MS);
  /** The current attempt, or the connection it has led to. Whatever arrives from an earlier one is ignored. */
  private current: AbortController | undefined;
  private session: VoiceAgentSession | undefined;
  private retry: NodeJS.Timeout | undefined;
  private reconnects = 0;
  private openedAtMs: number | undefined;
  private wasOpen = false;
  private isLossReported = false;
  private isDropReported = false;
  private over = false;

  constructor(
    private readonly options: AgentLinkOptions,
    private readonly listener: AgentLinkListener,
  ) {}

  get isOpen(): boolean {
    return this.session !== undefined;
  }

  /** True until the connection is closed for good. */
  get isLive(): boolean {
    return !this.over;
  }

  /** Resolves when the first attempt has succeeded or failed. Never rejects. */
  start(): Promise<void> {
    return this.connect();
  }

  /** PCM, 16-bit mono at 16 kHz. It is read before the call returns. */
  pushAudio(pcm: Int16Array): void {
    if (this.over) return;
    if (this.session) this.session.pushAudio(pcm);
    else if (!this.backlog.push(pcm) && !this.isDropReported) {
      this.isDropReported = true;
      this.listener.audioDropped();
    }
  }

  /** Has no effect while there is no connection: the caller sends the text again once there is one. */
  sendText(text: string): void {
    this.session?.sendText(text);
  }

  contextualUpdate(text: string): void {
    this.session?.contextualUpdate(text);
  }

  toolResult(result: VoiceAgentToolResult): void {
    this.session?.toolResult(result);
  }

  /** Idempotent. */
  close(): void {
    this.over = true;
    clearTimeout(this.retry);
    this.backlog.take();
    this.session = undefined;
    const { current } = this;
    this.current = undefined;
    current?.abort();
  }

  private async connect(): Promise<void> {
    const { agent, outputRateHz, overrides } = this.options;
    const attempt = new AbortController();
    this.current = attempt;
    const hear = (event: VoiceAgentEvent): void => {
      if (this.current !== attempt) return;
      if (event.type !== 'ended') return this.listener.event(event);
      this.ended(event.by === 'failure' ? event.error : undefined);
    };
    try {
      const session = await agent.open({ overrides: overrides(this.wasOpen), outputSampleRateHz: outputRateHz }, hear, attempt.signal);
      // The connection was lost or closed in the meantime.
      if (this.current !== attempt) return;
      if (session) this.opened(session);
    } catch (error) {
      if (this.current !== attempt) return;
      this.ended(
        error instanceof ProviderError ? error : new ProviderError(agent.info.name, 'unavailable', 'unexpected', { cause: error }),
      );
    }
  }

  private opened(session: VoiceAgentSession): void {
    const again = this.wasOpen;
    this.session = session;
    this.wasOpen = true;
    this.openedAtMs = this.options.now();
    this.isLossReported = false;
    this.isDropReported = false;
    this.listener.opened(again);
    for (const pcm of this.backlog.take()) session.pushAudio(pcm);
  }

  /** Without an error, the agent has ended the conversation. */
  private ended(error: ProviderError | undefined): void {
    const wasGood = this.openedAtMs !== undefined && this.options.now() - this.openedAtMs >= GOOD_CONNECTION_MS;
    this.current = undefined;
    this.session = undefined;
    this.openedAtMs = undefined;
    if (wasGood) this.reconnects = 0;
    if (error === undefined) {
      this.close();
      this.listener.hungUp();
    } else if (!error.retryable || this.reconnects >= MAX_RECONNECTS) {
      this.close();
      this.listener.failed(error);
    } else {
      this.reconnectLater(error);
    }
  }

  private reconnectLater(error: ProviderError): void {
    const delayMs = Math.max(reconnectDelayMs(this.reconnects, this.options.random), Math.min(error.retryAfterMs ?? 0, LONGEST_WAIT_MS));
    this.reconnects += 1;
    this.retry = setTimeout(() => void this.connect(), delayMs);
    if (this.isLossReported) return;
    this.isLossReported = true;
    this.listener.lost(error);
  }
}
