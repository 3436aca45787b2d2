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

/** What a link tells its owner. `onClosed` comes once, last, and never after the owner's own `close()`. */
export interface LinkHandlers {
  onMessage(message: ServerMessage): void;
  onSpeech(frame: SpeechFrame): void;
  /** There is no connection; attempt number `attempt` (from 1) follows by itself. The next conversation starts from nothing. */
  onRetry(attempt: number, cause: RetryCause): void;
  onClosed(closure: LinkClosure): void;
  /** There was no line for longer than captured audio is kept, and speech was in what is lost of it: the oldest. Once per conversation. */
  onAudioDropped(): void;
}

/** What is captured while there is no conversation is kept for the next one: 10 s of it. */
export const BACKLOG_FRAMES = 10_000 / FRAME_MS;
/** A conversation that lived this long earns its attempts back; one that breaks at once does not retry for ever. */
export const STABLE_AFTER_MS = 10_000;
/** A server that accepts a connection and then says nothing counts as lost. */
export const START_TIMEOUT_MS = 10_000;

/**
 * The page's line to the server: opens the socket, starts the conversation on it, and opens the next one when it breaks, started alike. What
 * is captured before a conversation runs, the first one or a later one, is sent when it does, in order and before what comes then.
 * The owner closes it; no timer, listener or socket survives `close()` or `onClosed`.
 */
export class ConversationLink {
  private socket: ConversationSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private startedAtMs: number | undefined;
  private start: StartConversation = { type: 'start_conversation' };
  private endIsAnnounced = false;
  private readonly backlog = new AudioBacklog(BACKLOG_FRAMES);
  private readonly retries: Retries;
  /** The server has answered before. */
  private wasReached = false;
  /** From a broken connection to the next conversation. */
  private isAway = false;
  private isOver = false;
  private hasDropped = false;

  /** `random` as `Math.random`. */
  constructor(
    private readonly url: string,
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

  /** Drops whatever connection there is and makes a new one now, with all attempts ahead of it again. */
  reopen(): void {
    this.retries.stop();
    this.retries.forget();
    this.isAway = true;
    this.connect();
  }

  /** Sends a control message; false while there is no conversation to receive it. */
  send(message: ClientMessage): boolean {
    return this.startedAtMs !== undefined && this.socket !== undefined && this.socket.send(message);
  }

  /** Sends a captured frame, and takes it over. From before a conversation it is kept, bounded; false where it is lost. `isSpeech`: not only silence. */
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

  /** Ends the conversation, if one runs, and closes for good. */
  close(): void {
    this.send({ type: 'end_conversation' });
    this.finish();
  }

  private connect(): void {
    this.release();
    let socket: ConversationSocket;
    try {
      socket = new ConversationSocket(this.url, {
        onOpen: () => socket.send(this.start),
        onMessage: (message) => this.received(message),
        onSpeech: (frame) => this.handlers.onSpeech(frame),
        onClose: (code) => this.disconnected(closureOf(code)),
      });
    } catch {
      // The browser, or a rule of the page, lets it make no connection at all.
      this.over('refused');
      return;
    }
    this.socket = socket;
    this.timer = setTimeout(() => this.disconnected('lost'), START_TIMEOUT_MS);
  }

  private received(message: ServerMessage): void {
    this.wasReached = true;
    if (message.type === 'conversation_started') this.arrived();
    // Nothing but the start was asked for: what goes wrong before it is its refusal.
    const isRefusal = message.type === 'error' && this.startedAtMs === undefined;
    if (isRefusal && message.code === 'rate_limited' && this.isAway) {
      this.disconnected('lost');
      return;
    }
    if (message.type === 'conversation_ending') this.endIsAnnounced = true;
    this.handlers.onMessage(message);
    if (message.type === 'conversation_started') this.catchUp();
    if (!this.socket) return;
    if (isRefusal) this.over('declined');
    else if (message.type === 'connection_established' && message.protocol !== PROTOCOL_VERSION) this.over('mismatched');
    // Over once it is said: the page need not wait for the close that follows.
    else if (message.type === 'conversation_ended') this.disconnected(this.endIsAnnounced ? 'ended' : closureFor(message.reason));
  }

  private arrived(): void {
    clearTimeout(this.timer);
    this.retries.stop();
    this.startedAtMs = performance.now();
    this.isAway = false;
    this.hasDropped = false;
  }

  private disconnected(closure: LinkClosure): void {
    const livedMs = this.startedAtMs === undefined ? 0 : performance.now() - this.startedAtMs;
    if (livedMs >= STABLE_AFTER_MS) this.retries.forget();
    this.release();
    const cause = closure === 'lost' && !this.wasReached ? 'unreachable' : closure;
    const attempt = isRetried(cause) ? this.retries.plan() : undefined;
    if (attempt === undefined || !isRetried(cause)) {
      this.over(cause);
      return;
    }
    this.isAway = true;
    this.handlers.onRetry(attempt, cause);
  }

  /** As fast as the line takes it, in order. */
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
    this.socket?.close();
    this.socket = undefined;
    this.startedAtMs = undefined;
    this.endIsAnnounced = false;
  }
}
