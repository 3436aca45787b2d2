import {
  type ClientMessage,
  FRAME_MS,
  PROTOCOL_VERSION,
  type ServerMessage,
  type SpeechFrame,
  type StartConversation,
} from '@parley/protocol';
import { AudioBacklog } from './audio-backlog';
import { ConversationSocket } from './conversation-socket';
import { closureFor, closureOf, isRetried, type LinkClosure, type RetryCause } from './link-closure';
import { Retries } from './retries';
import { AccessRefused } from './session-token';
import { type SocketAddress, withAddress } from './socket-address';

/** What a link reports to its owner. `onClosed` is called once, last, and never after the owner's own `close()`. */
export interface LinkHandlers {
  onMessage(message: ServerMessage): void;
  onSpeech(frame: SpeechFrame): void;
  /** There is no connection. Attempt number `attempt` (from 1) follows automatically, and starts a new conversation without memory. */
  onRetry(attempt: number, cause: RetryCause): void;
  onClosed(closure: LinkClosure): void;
  /** There was no connection for longer than captured audio is kept, and the dropped audio contained speech. Once per conversation. */
  onAudioDropped(): void;
}

/** Audio that is captured while there is no conversation is kept for the next one, up to 10 s. */
export const BACKLOG_FRAMES = 10_000 / FRAME_MS;
/** The count of attempts starts again after a conversation that lasted this long. One that breaks at once is not retried for ever. */
export const STABLE_AFTER_MS = 10_000;
/** A server that accepts a connection and then sends nothing for this long counts as lost. */
export const START_TIMEOUT_MS = 10_000;

/**
 * The page's link to the server. It opens the socket and starts the conversation. When the connection breaks, it opens another socket and
 * starts another conversation in the same way. Audio that is captured while no conversation runs is sent first when one runs, in order.
 * Closed by its owner; no timer, listener or socket is left after `close()` or `onClosed`.
 */
export class ConversationLink {
  private socket: ConversationSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Makes the link forget the address that it has asked for. */
  private dropAddress: (() => void) | undefined;
  private startedAtMs: number | undefined;
  private start: StartConversation = { type: 'start_conversation' };
  private endIsAnnounced = false;
  private readonly backlog = new AudioBacklog(BACKLOG_FRAMES);
  private readonly retries: Retries;
  /** Whether the server has answered before. */
  private wasReached = false;
  /** True from a broken connection until the next conversation. */
  private isAway = false;
  private isOver = false;
  private hasDropped = false;

  /** `random` as `Math.random`. */
  constructor(
    private readonly address: SocketAddress,
    private readonly handlers: LinkHandlers,
    random: () => number = Math.random,
  ) {
    this.retries = new Retries(() => this.connect(), random);
  }

  /** Makes the first connection. Every conversation of this link is started like this. */
  open(start: StartConversation): void {
    this.start = start;
    this.isOver = false;
    this.connect();
  }

  /** Drops the current connection, makes a new one at once, and starts counting attempts again. */
  reopen(): void {
    this.retries.stop();
    this.retries.forget();
    this.isAway = true;
    this.connect();
  }

  /** Sends a control message. Returns false if there is no conversation to receive it. */
  send(message: ClientMessage): boolean {
    return this.startedAtMs !== undefined && this.socket !== undefined && this.socket.send(message);
  }

  /**
   * Sends a captured frame, which it takes over, or keeps it until there is a conversation. Returns false if the frame is lost. `isSpeech` is
   * false for silence.
   */
  sendAudio(pcm: ArrayBuffer, isSpeech = true): boolean {
    if (this.isOver) return false;
    if (this.startedAtMs !== undefined && this.socket && this.backlog.isEmpty) return this.socket.sendAudio(pcm);
    if (!this.backlog.push(pcm, isSpeech) && !this.hasDropped) {
      this.hasDropped = true;
      this.handlers.onAudioDropped();
    }
    this.catchUp();
    return true;
  }

  /** Ends the conversation if one is running, and closes for good. */
  close(): void {
    this.send({ type: 'end_conversation' });
    this.finish();
  }

  private connect(): void {
    this.release();
    this.timer = setTimeout(() => this.disconnected('lost'), START_TIMEOUT_MS);
    this.dropAddress = withAddress(
      this.address,
      (url) => this.openSocket(url),
      (error) => this.noAddress(error),
    );
  }

  private openSocket(url: string): void {
    let socket: ConversationSocket;
    try {
      socket = new ConversationSocket(url, {
        onOpen: () => socket.send(this.start),
        onMessage: (message) => this.received(message),
        onSpeech: (frame) => this.handlers.onSpeech(frame),
        onClose: (code) => this.disconnected(closureOf(code)),
      });
    } catch {
      // The browser or the page's content security policy does not allow the connection.
      this.over('refused');
      return;
    }
    this.socket = socket;
  }

  private noAddress(error: Error): void {
    if (!(error instanceof AccessRefused)) return this.disconnected('lost');
    // As the server would have said it.
    this.handlers.onMessage({ type: 'error', code: 'not_authorized', message: error.message, fatal: true });
    this.over('declined');
  }

  private received(message: ServerMessage): void {
    this.wasReached = true;
    if (message.type === 'conversation_started') this.arrived();
    // Only the start was requested, so any failure before it means that the start was refused.
    const isRefusal = message.type === 'error' && this.startedAtMs === undefined;
    if (isRefusal && message.code === 'rate_limited' && !message.fatal && this.isAway) {
      this.disconnected('lost');
      return;
    }
    if (isRefusal && message.retry_after_ms !== undefined && (message.code === 'server_busy' || message.code === 'rate_limited')) {
      this.disconnected('busy', message.retry_after_ms);
      return;
    }
    if (message.type === 'conversation_ending') this.endIsAnnounced = true;
    this.handlers.onMessage(message);
    if (message.type === 'conversation_started') this.catchUp();
    if (!this.socket) return;
    if (isRefusal) this.over('declined');
    else if (message.type === 'connection_established' && message.protocol !== PROTOCOL_VERSION) this.over('mismatched');
    // The conversation is over with this message. The page need not wait for the close that follows.
    else if (message.type === 'conversation_ended') this.disconnected(this.endIsAnnounced ? 'ended' : closureFor(message.reason));
  }

  private arrived(): void {
    clearTimeout(this.timer);
    this.retries.stop();
    this.startedAtMs = performance.now();
    this.isAway = false;
    this.hasDropped = false;
  }

  private disconnected(closure: LinkClosure, retryAfterMs?: number): void {
    const livedMs = this.startedAtMs === undefined ? 0 : performance.now() - this.startedAtMs;
    if (livedMs >= STABLE_AFTER_MS) this.retries.forget();
    this.release();
    const cause = closure === 'lost' && !this.wasReached ? 'unreachable' : closure;
    const attempt = isRetried(cause) ? this.retries.plan(retryAfterMs) : undefined;
    if (attempt === undefined || !isRetried(cause)) {
      this.over(cause);
      return;
    }
    this.isAway = true;
    this.handlers.onRetry(attempt, cause);
  }

  /** Sends the backlog in order, as fast as the connection accepts it. */
  private catchUp(): void {
    while (this.startedAtMs !== undefined && this.socket?.takesAudio && !this.backlog.isEmpty) this.socket.sendAudio(this.backlog.take());
  }

  private over(closure: LinkClosure): void {
    this.finish();
    this.handlers.onClosed(closure);
  }

  private finish(): void {
    this.release();
    this.retries.stop();
    this.retries.forget();
    this.backlog.clear();
    this.isOver = true;
    this.isAway = false;
    this.hasDropped = false;
  }

  private release(): void {
    clearTimeout(this.timer);
    this.dropAddress?.();
    this.socket?.close();
    this.socket = undefined;
    this.startedAtMs = undefined;
    this.endIsAnnounced = false;
  }
}
