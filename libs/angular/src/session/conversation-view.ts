import { type Signal, computed, signal } from '@angular/core';
import {
  type ConversationEnded,
  type ConversationStarted,
  type ConversationState,
  type EngineName,
  type Notice as ServerNotice,
  PROTOCOL_VERSION,
  type PublicConfig,
  type ServerMessage,
  type StateChanged,
} from '@parley/protocol';
import { providerRows } from '../server/provider-rows';
import type { Notice } from '../ui/notice-list';
import { endingNotice, errorNotice, hungUpNotice, inactivityNotice, lengthNotice, serverNotice, versionNotice } from './notices';
import { Transcript } from './transcript';
import { TurnLatencies } from './turn-latencies';

/** What the page shows of a conversation, as signals. The server's messages go in through `apply`, and nothing else changes what was said. */
export class ConversationView {
  readonly transcript = new Transcript();
  readonly latencies = new TurnLatencies();
  /** The conversation's state and the turn it is about. */
  readonly state = signal<ConversationState>('IDLE');
  readonly turn = signal(0);
  private readonly started = signal<ConversationStarted | undefined>(undefined);
  readonly providers = computed(() => providerRows(this.config(), this.started()?.providers, this.started()?.engine ?? this.engine()));
  /** How often the speech ran dry while playing. */
  readonly gaps = signal(0);
  private readonly noticeList = signal<readonly Notice[]>([]);
  readonly notices = this.noticeList.asReadonly();
  /** Notices about a turn, and which: the next one takes them away. */
  private readonly turnNotices = new Map<string, number>();
  private ending = false;

  /** `config` is what the server offers; undefined until it has answered. `engine` is the one that is chosen. */
  constructor(
    private readonly config: Signal<PublicConfig | undefined>,
    private readonly engine: Signal<EngineName>,
  ) {}

  /** Takes one message of the server. */
  apply(message: ServerMessage): void {
    switch (message.type) {
      case 'connection_established':
        if (message.protocol !== PROTOCOL_VERSION) this.notify(versionNotice());
        break;
      case 'conversation_started':
        this.started.set(message);
        this.dismiss('connection');
        break;
      case 'state':
        this.changed(message);
        break;
      case 'transcript':
        this.served();
        if (message.is_final && this.isAgents()) this.transcript.turnBegan(message.turn, message.text);
        this.transcript.heard(message.turn, message.text, message.is_final);
        break;
      case 'text_response':
        this.served();
        this.transcript.replied(message.turn, message.text, message.is_final, message.full_text);
        break;
      case 'interruption':
        this.transcript.stopped(message.turn, message.reason === 'speech');
        break;
      case 'turn_metrics':
        this.latencies.marked(message, this.started()?.engine ?? 'pipeline');
        if (message.heard_text !== undefined) this.transcript.heardOf(message.turn, message.heard_text);
        break;
      case 'error':
        this.notify(errorNotice(message));
        break;
      case 'conversation_ending':
        this.ending = true;
        this.notify(endingNotice(message.in_ms, performance.now()));
        break;
      case 'notice':
        this.told(message);
        break;
      case 'conversation_ended':
        this.ended(message.reason);
        break;
      case 'audio_response':
      case 'duck':
      case 'pause':
      case 'heartbeat':
        break;
    }
  }

  /** Shows a notice, in the place of one of the same kind. */
  notify(notice: Notice): void {
    this.noticeList.update((notices) => [...notices.filter((other) => other.kind !== notice.kind), notice]);
  }

  /** Takes a notice away, if it is there. */
  dismiss(kind: string): void {
    if (this.noticeList().some((notice) => notice.kind === kind))
      this.noticeList.update((notices) => notices.filter((notice) => notice.kind !== kind));
  }

  /** Another connection, and with it another conversation, takes the place of a broken one. */
  divide(text: string): void {
    this.transcript.divide(text);
    this.latencies.divide();
  }

  /** No conversation runs any more; what was said stays to be read. */
  settle(): void {
    this.cutOff();
    this.state.set('IDLE');
    this.turn.set(0);
    this.started.set(undefined);
    this.ending = false;
    this.dismiss('ending');
    for (const kind of this.turnNotices.keys()) this.removeTurnNotice(kind);
    this.transcript.settle();
  }

  /** Another conversation is wanted: what was said stays, what was told about the one before goes. */
  reset(): void {
    this.settle();
    this.noticeList.set([]);
  }

  /** Back to an empty page. */
  clear(): void {
    this.reset();
    this.transcript.clear();
    this.latencies.clear();
    this.gaps.set(0);
  }

  private changed({ state, turn }: StateChanged): void {
    if (state === 'IDLE') this.cutOff();
    this.state.set(state);
    this.turn.set(turn);
    if (state === 'AI_SPEAKING') this.served();
    if (state !== 'AI_PROCESSING') return;
    if (!this.isAgents()) this.transcript.turnBegan(turn);
    for (const [kind, about] of this.turnNotices) if (about < turn) this.removeTurnNotice(kind);
  }

  /** An agent may speak by itself: only the transcript tells that a turn is the visitor's. */
  private isAgents(): boolean {
    return this.started()?.engine === 'agent';
  }

  private told(notice: ServerNotice): void {
    const shown = serverNotice(notice);
    this.notify(shown);
    if (notice.code !== 'server_closing') this.turnNotices.set(shown.kind, this.turn());
  }

  private removeTurnNotice(kind: string): void {
    this.turnNotices.delete(kind);
    this.dismiss(kind);
  }

  /** The vendor's agent works again. */
  private served(): void {
    this.dismiss('error-agent');
  }

  /** A reply that is being given when the conversation ends is not heard to its end, even where all of its text is there. */
  private cutOff(): void {
    const state = this.state();
    if (state === 'AI_PROCESSING' || state === 'AI_SPEAKING') this.transcript.stopped(this.turn());
  }

  private ended(reason: ConversationEnded['reason']): void {
    if (reason === 'server_shutdown' && this.ending) this.notify(lengthNotice());
    // A visitor's own end is not waited for here: it was the agent's.
    if (reason === 'client') this.notify(hungUpNotice());
    if (reason === 'inactivity_timeout') this.notify(inactivityNotice(this.started()?.timing.inactivity_timeout_ms));
    this.settle();
  }
}
