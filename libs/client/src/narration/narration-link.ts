import {
  type NarrationClientMessage,
  type NarrationServerMessage,
  type NarrationVoiceSettings,
  PROTOCOL_VERSION,
  type SpeechFrame,
  type StartNarration,
} from '@parley/protocol';
import { START_TIMEOUT_MS } from '../link/conversation-link';
import { ConversationSocket } from '../link/conversation-socket';
import { closureOf } from '../link/link-closure';
import { AccessRefused } from '../link/session-token';
import { type SocketAddress, withAddress } from '../link/socket-address';

/**
 * Why a link to a narration is over: all text was spoken, or it was cancelled; the server gave up because of a problem, refused the connection,
 * declined the narration, restarts, or speaks another version of the protocol; or the connection was never made or broke.
 */
export type NarrationClosure =
  'completed' | 'cancelled' | 'failed' | 'refused' | 'declined' | 'draining' | 'mismatched' | 'unreachable' | 'lost';

/** What a link reports to its owner. `onClosed` is called once, last, and never after the owner's own `close()`. */
export interface NarrationLinkHandlers {
  onMessage(message: NarrationServerMessage): void;
  /** `frame.turn` is the number of the segment. */
  onSpeech(frame: SpeechFrame): void;
  onClosed(closure: NarrationClosure): void;
}

/** A piece of text is sent in parts of at most this many UTF-16 units, so that the limit of characters holds however they are counted. */
const PIECE_UNITS = 10_000;

/**
 * The page's link to one narration. What is given to it before the narration has started is sent when it has, in order. A narration is over
 * with its connection; `ContinuedLink` gives another one what was not heard.
 * No timer, listener or socket is left after `close()` or `onClosed`.
 */
export class NarrationLink {
  private socket: ConversationSocket<NarrationClientMessage, NarrationServerMessage> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Makes the link forget the address that it has asked for. */
  private dropAddress: (() => void) | undefined;
  private waiting: NarrationClientMessage[] = [];
  private wasReached = false;
  private started = false;

  constructor(
    private readonly address: SocketAddress,
    private readonly handlers: NarrationLinkHandlers,
  ) {}

  /** Connects, and starts the narration like this. Once per link. */
  open(start: Omit<StartNarration, 'type'>): void {
    this.timer = setTimeout(() => this.over(this.wasReached ? 'lost' : 'unreachable'), START_TIMEOUT_MS);
    this.dropAddress = withAddress(
      this.address,
      (url) => this.openSocket(url, start),
      (error) => this.noAddress(error),
    );
  }

  private openSocket(url: string, start: Omit<StartNarration, 'type'>): void {
    let socket: ConversationSocket<NarrationClientMessage, NarrationServerMessage>;
    try {
      socket = new ConversationSocket(url, {
        onOpen: () => socket.send({ type: 'start_narration', ...start }),
        onMessage: (message) => this.received(message),
        onSpeech: (frame) => this.handlers.onSpeech(frame),
        onClose: (code) => this.disconnected(code),
      });
    } catch {
      // The browser or the page's content security policy does not allow the connection.
      this.over('refused');
      return;
    }
    this.socket = socket;
  }

  private noAddress(error: Error): void {
    if (!(error instanceof AccessRefused)) return this.over('unreachable');
    // As the server would have said it.
    this.handlers.onMessage({ type: 'error', code: 'not_authorized', message: error.message, fatal: true });
    this.over('declined');
  }

  /** More of the text, of any length. */
  text(text: string): void {
    for (const piece of pieces(text)) this.send({ type: 'text', text: piece });
  }

  /** Speaks all text so far without waiting for more. */
  flush(): void {
    this.send({ type: 'flush' });
  }

  /** The text from here on is spoken by another voice. */
  setVoice(voiceId: string, settings?: NarrationVoiceSettings): void {
    this.send({ type: 'set_voice', voice_id: voiceId, ...(settings && { voice_settings: settings }) });
  }

  /** No audio is sent until `resume`. */
  pause(): void {
    this.send({ type: 'pause' });
  }

  resume(): void {
    this.send({ type: 'resume' });
  }

  /** Stops the narration; `onClosed('cancelled')` follows. */
  cancel(): void {
    this.send({ type: 'cancel' });
  }

  /** The text is complete; `onClosed('completed')` follows after the last audio. */
  end(): void {
    this.send({ type: 'end_text' });
  }

  /** Reports what the listener has heard of a segment. */
  reportPlayback(segment: number, event: 'started' | 'progress' | 'ended', playedMs: number): void {
    if (this.started) this.send({ type: 'playback', turn: segment, event, played_ms: playedMs });
  }

  /** Cancels the narration if it runs, and closes for good. */
  close(): void {
    if (this.started) this.cancel();
    this.release();
  }

  private send(message: NarrationClientMessage): void {
    if (this.started) this.socket?.send(message);
    else this.waiting.push(message);
  }

  private received(message: NarrationServerMessage): void {
    this.wasReached = true;
    if (message.type === 'connection_established' && message.protocol !== PROTOCOL_VERSION) {
      this.over('mismatched');
      return;
    }
    if (message.type === 'narration_started') this.begin();
    this.handlers.onMessage(message);
    if (message.type === 'error' && !this.started) this.over('declined');
    else if (message.type === 'narration_completed') this.over(ENDS[message.reason]);
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.started = true;
    for (const message of this.waiting) this.socket?.send(message);
    this.waiting = [];
  }

  private disconnected(code: number): void {
    const closure = closureOf(code);
    if (closure === 'ended') this.over('completed');
    else if (closure === 'lost' && !this.wasReached) this.over('unreachable');
    else this.over(closure);
  }

  private over(closure: NarrationClosure): void {
    this.release();
    this.handlers.onClosed(closure);
  }

  private release(): void {
    clearTimeout(this.timer);
    this.dropAddress?.();
    this.socket?.close();
    this.socket = undefined;
    this.started = false;
    this.waiting = [];
  }
}

const ENDS = { completed: 'completed', cancelled: 'cancelled', server_shutdown: 'draining', error: 'failed' } as const;

/** Cuts a text into parts that one message may hold, never inside a surrogate pair. */
function pieces(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + PIECE_UNITS);
    if (to < text.length && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to -= 1;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}
