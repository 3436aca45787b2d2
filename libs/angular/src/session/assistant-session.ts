import { DestroyRef, Injectable, type Provider, computed, inject, signal } from '@angular/core';
import { type LinkClosure, LiveConversation, type RetryCause } from '@parley/client';
import type { EngineName, PublicConfig, ServerMessage } from '@parley/protocol';
import { ENDPOINTS } from '../endpoints';
import { ServerConfig } from '../server/server-config';
import { SESSION_TOKENS } from '../server/session-tokens';
import { socketAddress } from '../server/socket-address';
import type { NoticeAction } from '../ui/notice-list';
import { ConversationView } from './conversation-view';
import { EngineSelection } from './engine-selection';
import { MicrophoneService } from './microphone-service';
import { audioDroppedNotice, closureNotice, newConversationWords, noVoiceNotice, retryNotice } from './notices';
import { PAGE_RELOAD } from './page-reload';
import { PlaybackService } from './playback-service';

/** Where the page is with its conversation: none, being made, running, being made again after a broken connection, or broken for good. */
export type SessionPhase = 'idle' | 'starting' | 'live' | 'reconnecting' | 'disconnected';

/** Start waits this long to learn what the server lacks; what is not known by then is taken as there. */
const CONFIG_WAIT_MS = 1_000;
const NEW_CONVERSATION = 'A new conversation. The assistant does not remember the one above.';

/**
 * The assistant page's conversation: what its buttons do and what it shows.
 * Provided by the page's component, with `provideAssistant()`; leaving the page releases the microphone, the audio device and the socket.
 */
@Injectable()
export class AssistantSession {
  private readonly server = inject(ServerConfig);
  private readonly address = socketAddress(inject(ENDPOINTS).socketUrl, inject(SESSION_TOKENS), 'conversation');
  private readonly reload = inject(PAGE_RELOAD);
  private readonly selection = inject(EngineSelection);
  private readonly mic = inject(MicrophoneService);
  private readonly playback = inject(PlaybackService);
  readonly view = inject(ConversationView);
  /** What the server offers to hold a conversation. */
  readonly engines = this.selection.offered;
  /** Who holds the conversation, or will hold the next one. */
  readonly engine = this.selection.current;
  readonly phase = signal<SessionPhase>('idle');
  /** A microphone is open. Without one the conversation runs on typed text. */
  readonly hearing = this.mic.hearing.asReadonly();
  readonly muted = this.mic.muted.asReadonly();
  readonly microphones = this.mic.choices.asReadonly();
  /** Id of the microphone in use or chosen for the next conversation; empty for the default one. */
  readonly microphone = this.mic.chosen.asReadonly();
  /** The browser lets the page's sound run, as far as it has said: else nobody hears the assistant, and the microphone brings nothing. */
  readonly sounding = this.playback.sounding.asReadonly();
  /** There is a reply to stop. */
  readonly stoppable = computed(
    () => this.view.state() === 'AI_PROCESSING' || this.view.state() === 'AI_SPEAKING' || this.playback.reading(),
  );
  /** Level of the microphone now, in dBFS: read by a meter once per painted picture. */
  readonly inputDbfs = this.mic.inputDbfs;
  /** Level at the speaker now, in dBFS. */
  readonly outputDbfs = this.playback.outputDbfs;

  private live: LiveConversation | undefined;
  /** What the visitor was told about why the page is trying to connect again; undefined while it is not. */
  private retryCause: RetryCause | undefined;
  /** What is to stand in the transcript where the next conversation begins. */
  private divider: string | undefined;

  constructor() {
    const leave = (): void => this.end();
    window.addEventListener('pagehide', leave);
    inject(DestroyRef).onDestroy(() => {
      window.removeEventListener('pagehide', leave);
      this.end();
    });
  }

  /**
   * Starts a conversation; must be called from a click. What was said before stays on the page, though the assistant does not remember it.
   * Without a microphone, or when there is none to be had, the conversation runs on typed text.
   */
  start(useMicrophone = true): Promise<void> {
    if (this.live) return Promise.resolve();
    this.view.reset();
    this.divider = NEW_CONVERSATION;
    return this.begin(useMicrophone);
  }

  /** Connects again, at once, with or without a microphone as before. */
  reconnect(): void {
    if (this.live) this.live.reconnect();
    else void this.start(this.mic.isWanted);
  }

  /** Takes what was said before from the page; nothing while a conversation runs. */
  clear(): void {
    if (this.live) return;
    this.view.clear();
    this.phase.set('idle');
  }

  /** Ends the conversation, or the attempts to have one, and releases everything it held. */
  end(): void {
    if (!this.live) return;
    this.live.close();
    this.released('idle');
    this.view.dismiss('connection');
  }

  /** Sends a typed turn. False while there is no connection: nothing was sent. */
  sendText(text: string): boolean {
    const sent = this.live?.sendText(text) ?? false;
    if (sent) this.view.transcript.typed(text);
    return sent;
  }

  /** Stops the reply. */
  stop(): void {
    const state = this.view.state();
    this.live?.interrupt(state === 'AI_PROCESSING' || state === 'AI_SPEAKING' ? this.view.turn() : undefined);
  }

  /** Mutes or unmutes the microphone; the choice outlives the conversation. */
  setMuted(muted: boolean): void {
    this.mic.setMuted(muted);
  }

  /** Chooses who holds the next conversation; remembered for the visit. The running one keeps its own. */
  chooseEngine(engine: EngineName): void {
    this.selection.choose(engine);
  }

  /** Chooses a microphone; a running conversation changes to it, or gets its voice with it. */
  chooseMicrophone(deviceId: string): void {
    const previousId = this.mic.choose(deviceId);
    if (this.live && (this.hearing() || this.phase() !== 'starting')) void this.mic.open(previousId);
  }

  /** Does what a notice offers. */
  act(action: NoticeAction): void {
    switch (action) {
      case 'reconnect':
        this.reconnect();
        break;
      case 'microphone':
        if (this.live) void this.mic.open();
        else this.view.dismiss('microphone');
        break;
      case 'sound':
        this.playback.resume();
        break;
      case 'reload':
        this.reload();
        break;
    }
  }

  private async begin(useMicrophone: boolean): Promise<void> {
    this.mic.isWanted = useMicrophone;
    this.phase.set('starting');
    const live: LiveConversation = new LiveConversation(this.address, this.playback.modules, {
      onMessage: (message) => this.received(message),
      onRetry: (_attempt, cause) => this.retrying(cause),
      onClosed: (closure) => this.closed(closure),
      onFirstSound: (turn, firstSound) => this.view.latencies.measured(turn, firstSound),
      onUnderrun: () => this.playback.gapHeard(),
      onMicrophoneLost: (how) => void this.mic.lost(how),
      onAudioDropped: () => {
        if (this.hearing() && !this.muted()) this.view.notify(audioDroppedNotice());
      },
      onSoundRunning: (running) => this.playback.soundRuns(running),
      onSoundBroken: () => this.playback.soundFailed('broken'),
      onBrowserVoice: (speaking) => this.playback.reading.set(speaking),
    });
    this.live = live;
    this.mic.attach(live);
    this.playback.attach(live);
    const [playable] = await Promise.all([live.ready, this.server.known(CONFIG_WAIT_MS)]);
    if (this.live !== live) return;
    const engine = this.selection.hold();
    if (!playable) this.playback.soundFailed(live.soundProblem);
    void this.server.answered.then((config) => this.applyMissingStages(config, live, playable));
    if (useMicrophone) await this.mic.open();
    if (this.live === live) live.connect(engine);
  }

  /** Does without what the server lacks, from when that is known: before the conversation, or while it runs. */
  private applyMissingStages({ stages: { tts } }: PublicConfig, live: LiveConversation, playable: boolean): void {
    if (this.live !== live || this.engine() === 'agent') return;
    if (!tts.available) {
      live.withoutServerVoice();
      if (playable) this.view.notify(noVoiceNotice());
    }
    this.mic.noteRecognition();
  }

  private received(message: ServerMessage): void {
    if (message.type === 'conversation_started') {
      if (this.divider) this.view.divide(this.divider);
      this.divider = undefined;
      this.retryCause = undefined;
    }
    // Between `conversation_started` and the first state there is nothing to do yet, and nothing to show.
    if (message.type === 'state') this.phase.set('live');
    this.view.apply(message);
  }

  private retrying(cause: RetryCause): void {
    // What was never connected is still connecting.
    if (cause !== 'unreachable') this.phase.set('reconnecting');
    this.view.settle();
    this.divider ??= newConversationWords(cause);
    // Said once: who has taken the notice away does not want to read it at every attempt.
    if (this.retryCause !== cause && !(this.retryCause === 'draining' && cause === 'lost')) {
      this.retryCause = cause;
      this.view.notify(retryNotice(cause));
    }
    // The server has announced it: that it has come is said now.
    if (cause === 'draining') this.view.dismiss('notice-server_closing');
  }

  private closed(closure: LinkClosure): void {
    const notice = closureNotice(closure);
    if (notice) this.view.notify(notice);
    // The server has said more than that.
    else this.view.dismiss('connection');
    const nothingSaid = this.view.transcript.entries().length === 0;
    this.released(closure === 'ended' || (closure === 'declined' && nothingSaid) ? 'idle' : 'disconnected');
  }

  private released(phase: 'idle' | 'disconnected'): void {
    this.live = undefined;
    this.mic.detach();
    this.playback.detach();
    this.selection.release();
    this.retryCause = undefined;
    this.phase.set(phase);
    this.view.dismiss('notice-server_closing');
    this.view.settle();
  }
}

/** The session with all that it uses, for the component that shows it: made with the page, and released when the visitor leaves it. */
export function provideAssistant(): Provider[] {
  return [
    EngineSelection,
    { provide: ConversationView, useFactory: () => new ConversationView(inject(ServerConfig).config, inject(EngineSelection).current) },
    MicrophoneService,
    PlaybackService,
    AssistantSession,
  ];
}
