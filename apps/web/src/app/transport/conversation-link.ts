import type { ClientMessage, EndReason, ServerMessage, StartConversation } from '@parley/protocol';
import { AudioBacklog } from './audio-backlog';
import { ConversationSocket } from './conversation-socket';
import type { SpeechFrame } from './speech-frame';

/**
 * Why a link is over: the server ended it normally or because of a problem, is shutting down, refused the connection, said why there will be
 * no conversation, or could not be reached any more.
 */
export type LinkClosure = 'ended' | 'failed' | 'draining' | 'refused' | 'declined' | 'lost';

/** What a link tells its owner. `onClosed` comes once, last, and never after the owner's own `close()`. */
export interface LinkHandlers {
  onMessage(message: ServerMessage): void;
  onSpeech(frame: SpeechFrame): void;
  /** The connection broke; attempt number `attempt` (from 1) follows by itself. The next conversation starts from nothing. */
  onRetry(attempt: number): void;
  onClosed(closure: LinkClosure): void;
  /** The line was away for longer than captured audio is kept: the oldest of it is lost. Once per break. */
  onAudioDropped(): void;
}

/** Waits before the automatic attempts after a broken connection: three, further and further apart. */
export const RETRY_DELAYS_MS: readonly number[] = [500, 1_500, 4_000];
/** Each wait is up to this part of it shorter or longer: the pages of a server that went away do not come back all at once. */
export const RETRY_JITTER = 0.25;
/** What is captured while the line is away is kept for the next conversation: 10 s of it. */
export const BACKLOG_FRAMES = 500;
/** A conversation that lived this long earns its attempts back; one that breaks at once does not retry for ever. */
export const STABLE_AFTER_MS = 10_000;
/** A server that accepts a connection and then says nothing counts as lost. */
export const START_TIMEOUT_MS = 10_000;

/**
 * The page's line to the server: opens the socket, starts the conversation on it, and opens the next one when it breaks, started alike and
 * with what was captured meanwhile.
 * The owner closes it; no timer or socket survives `close()` or `onClosed`.
 */
export class ConversationLink {
  private socket: ConversationSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private startedAtMs: number | undefined;
  private start: StartConversation = { type: 'start_conversation' };
  private endIsAnnounced = false;
  private readonly backlog = new AudioBacklog(BACKLOG_FRAMES);
  /** From a broken connection to the next conversation. */
  private isAway = false;
  private hasDropped = false;

  /** `random` as `Math.random`. */
  constructor(
    private readonly url: string,
    private readonly handlers: LinkHandlers,
    private readonly random: () => number = Math.random,
  ) {}

  /** Makes the first connection. Every conversation of this link is started like this. */
  open(start: StartConversation): void {
    this.start = start;
    this.connect();
  }

  /** Drops whatever connection there is and makes a new one now, with all attempts ahead of it again. */
  reopen(): void {
    this.release();
    this.attempt = 0;
    this.isAway = true;
    this.connect();
  }

  /** Sends a control message; false while there is no conversation to receive it. */
  send(message: ClientMessage): boolean {
    return this.startedAtMs !== undefined && this.socket !== undefined && this.socket.send(message);
  }

  /**
   * Sends a captured frame, and takes it over. Frames from before the first conversation are dropped; those from a time without a line wait
   * for the next one, bounded.
   */
  sendAudio(pcm: ArrayBuffer): boolean {
    if (!this.isAway && this.backlog.isEmpty)
      return this.startedAtMs !== undefined && this.socket !== undefined && this.socket.sendAudio(pcm);
    if (!this.backlog.push(pcm) && !this.hasDropped) {
      this.hasDropped = true;
      this.handlers.onAudioDropped();
    }
    this.catchUp();
    return true;
  }

  /** Ends the conversation, if one runs, and closes for good. */
  close(): void {
    this.send({ type: 'end_conversation' });
    this.release();
    this.arrive();
    this.backlog.clear();
  }

  private connect(): void {
    const socket = new ConversationSocket(this.url, {
      onOpen: () => socket.send(this.start),
      onMessage: (message) => this.received(message),
      onSpeech: (frame) => this.handlers.onSpeech(frame),
      onClose: (code) => this.disconnected(code),
    });
    this.socket = socket;
    this.timer = setTimeout(() => this.gaveUpWaiting(), START_TIMEOUT_MS);
  }

  private received(message: ServerMessage): void {
    if (message.type === 'conversation_started') {
      clearTimeout(this.timer);
      this.startedAtMs = performance.now();
      this.arrive();
    }
    // Nothing but the start was asked for: what goes wrong before it is its refusal.
    const isRefusal = message.type === 'error' && this.startedAtMs === undefined;
    if (isRefusal && message.code === 'rate_limited' && this.isAway) {
      this.gaveUpWaiting();
      return;
    }
    if (message.type === 'conversation_ending') this.endIsAnnounced = true;
    this.handlers.onMessage(message);
    if (message.type === 'conversation_started') this.catchUp();
    if (isRefusal && this.socket) this.finish('declined');
    // Over once it is said: the page need not wait for the close that follows.
    if (message.type === 'conversation_ended' && this.socket) this.finish(this.endIsAnnounced ? 'ended' : closureFor(message.reason));
  }

  private gaveUpWaiting(): void {
    this.socket?.close();
    this.disconnected(1006);
  }

  private disconnected(code: number): void {
    const stable = this.startedAtMs !== undefined && performance.now() - this.startedAtMs >= STABLE_AFTER_MS;
    if (stable) this.attempt = 0;
    const closure = closureOf(code);
    const delayMs = RETRY_DELAYS_MS[this.attempt];
    if (closure !== 'lost' || delayMs === undefined) {
      this.finish(closure);
      return;
    }
    this.release();
    this.attempt += 1;
    this.isAway = true;
    this.timer = setTimeout(() => this.connect(), delayMs * (1 + RETRY_JITTER * (2 * this.random() - 1)));
    this.handlers.onRetry(this.attempt);
  }

  private arrive(): void {
    this.isAway = false;
    this.hasDropped = false;
  }

  /** As fast as the line takes it, in order. */
  private catchUp(): void {
    while (this.startedAtMs !== undefined && this.socket?.takesAudio && !this.backlog.isEmpty) this.socket.sendAudio(this.backlog.take());
  }

  private finish(closure: LinkClosure): void {
    this.release();
    this.arrive();
    this.backlog.clear();
    this.handlers.onClosed(closure);
  }

  private release(): void {
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = undefined;
    this.startedAtMs = undefined;
    this.endIsAnnounced = false;
  }
}

/** The end of a conversation in the page's words. */
function closureFor(reason: EndReason): LinkClosure {
  switch (reason) {
    case 'client':
    case 'inactivity_timeout':
      return 'ended';
    case 'server_shutdown':
      return 'draining';
    case 'error':
      return 'failed';
  }
}

/** The close codes of the protocol in the page's words; whatever is not listed there is a broken line. */
function closureOf(code: number): LinkClosure {
  switch (code) {
    case 1000:
      return 'ended';
    case 1001:
      return 'draining';
    case 1008:
    case 1009:
      return 'refused';
    default:
      return 'lost';
  }
}
