import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { EngineName, PublicConfig, ServerMessage } from '@parley/protocol';
import { SILENCE_DBFS } from '../audio/mic-capture';
import {
  type MicrophoneChoice,
  knownMicrophoneProblem,
  listMicrophones,
  microphoneProblemOf,
  watchMicrophones,
} from '../audio/microphones';
import { ServerConfig } from '../server/server-config';
import { type LinkClosure, RETRY_DELAYS_MS } from '../transport/conversation-link';
import { socketUrl } from '../transport/socket-url';
import type { NoticeAction } from '../ui/notice-list';
import { ConversationView } from './conversation-view';
import { rememberEngine, rememberedEngine } from './engine-memory';
import { LiveConversation } from './live-conversation';
import {
  audioDroppedNotice,
  closureNotice,
  microphoneLostNotice,
  microphoneNotice,
  noAudioNotice,
  noRecognitionNotice,
  noVoiceNotice,
  retryNotice,
  soundPausedNotice,
} from './notices';

/** Where the page is with its conversation: none, being made, running, being made again after a broken connection, or broken for good. */
export type SessionPhase = 'idle' | 'starting' | 'live' | 'reconnecting' | 'disconnected';

/** Start waits this long to learn what the server lacks; what is not known by then is taken as there. */
const CONFIG_WAIT_MS = 1_000;

/**
 * The assistant page's conversation: what its buttons do and what it shows.
 * Provided by the page's component; leaving the page releases the microphone, the audio device and the socket.
 */
@Injectable()
export class AssistantSession {
  private readonly server = inject(ServerConfig);
  /** What the server offers to hold a conversation. */
  readonly engines = computed((): readonly EngineName[] => this.server.config()?.engines ?? ['pipeline']);
  private readonly wantedEngine = signal(rememberedEngine() ?? 'pipeline');
  private readonly runningEngine = signal<EngineName | undefined>(undefined);
  /** Who holds the conversation, or will hold the next one. */
  readonly engine = computed((): EngineName => {
    const running = this.runningEngine();
    if (running) return running;
    const offered = this.engines();
    return offered.includes(this.wantedEngine()) ? this.wantedEngine() : (offered[0] ?? 'pipeline');
  });
  readonly view = new ConversationView(this.server.config, this.engine);
  readonly phase = signal<SessionPhase>('idle');
  /** A microphone is open. Without one the conversation runs on typed text. */
  readonly hearing = signal(false);
  readonly muted = signal(false);
  readonly microphones = signal<readonly MicrophoneChoice[]>([{ id: '', label: 'Default microphone' }]);
  /** Id of the microphone in use or chosen for the next conversation; empty for the default one. */
  readonly microphone = signal('');
  private readonly reading = signal(false);
  /** There is a reply to stop. */
  readonly stoppable = computed(() => this.view.state() === 'AI_PROCESSING' || this.view.state() === 'AI_SPEAKING' || this.reading());

  private live: LiveConversation | undefined;
  private wantsMicrophone = true;

  constructor() {
    const leave = (): void => this.end();
    const stopWatching = watchMicrophones(() => void this.refreshMicrophones());
    window.addEventListener('pagehide', leave);
    inject(DestroyRef).onDestroy(() => {
      window.removeEventListener('pagehide', leave);
      stopWatching();
      this.end();
    });
    void this.refreshMicrophones();
  }

  /** Starts a conversation; must be called from a click. Without a microphone, or when there is none to be had, it runs on typed text. */
  start(useMicrophone = true): Promise<void> {
    if (this.live) return Promise.resolve();
    this.view.clear();
    return this.begin(useMicrophone);
  }

  /** Starts a conversation on an empty page, with or without a microphone as the one before. */
  startAnew(): Promise<void> {
    return this.start(this.wantsMicrophone);
  }

  /** Connects again, at once: what was said stays on the page, though the assistant does not remember it. */
  reconnect(): void {
    if (this.live) {
      this.live.reconnect();
      return;
    }
    for (const kind of ['connection', 'ended']) this.view.dismiss(kind);
    this.view.dismissErrors();
    this.view.divide('A new conversation. The assistant does not remember the one above.');
    void this.begin(this.wantsMicrophone);
  }

  /** Ends the conversation and releases everything it held. */
  end(): void {
    if (!this.live) return;
    this.live.close();
    this.released('idle');
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
    this.muted.set(muted);
    this.live?.setMuted(muted);
  }

  /** Chooses who holds the next conversation; remembered for the visit. The running one keeps its own. */
  chooseEngine(engine: EngineName): void {
    this.wantedEngine.set(engine);
    rememberEngine(engine);
  }

  /** Chooses a microphone; a running conversation changes to it, or gets its voice with it. */
  chooseMicrophone(deviceId: string): void {
    const previousId = this.microphone();
    this.microphone.set(deviceId);
    if (this.live && (this.hearing() || this.phase() !== 'starting')) void this.openMicrophone(this.live, previousId);
  }

  /** Does what a notice offers. */
  act(action: NoticeAction): void {
    switch (action) {
      case 'reconnect':
        this.reconnect();
        break;
      case 'microphone':
        if (this.live) void this.openMicrophone(this.live);
        else this.view.dismiss('microphone');
        break;
      case 'sound':
        this.live?.resumeSound();
        break;
    }
  }

  /** Level of the microphone now, in dBFS: read by a meter once per painted picture. */
  readonly inputDbfs = (): number => this.live?.inputDbfs() ?? SILENCE_DBFS;
  /** Level at the speaker now, in dBFS. */
  readonly outputDbfs = (): number => this.live?.outputDbfs() ?? SILENCE_DBFS;

  private async begin(useMicrophone: boolean): Promise<void> {
    this.wantsMicrophone = useMicrophone;
    this.phase.set('starting');
    const live: LiveConversation = new LiveConversation(socketUrl(location.href), {
      onMessage: (message) => this.received(message),
      onRetry: (attempt) => this.retrying(attempt),
      onClosed: (closure) => this.closed(closure),
      onFirstSound: (turn, firstSound) => this.view.latencies.measured(turn, firstSound),
      onUnderrun: () => this.view.gaps.update((gaps) => gaps + 1),
      onMicrophoneLost: () => {
        this.hearing.set(false);
        this.view.notify(microphoneLostNotice());
      },
      onAudioDropped: () => {
        if (this.hearing() && !this.muted()) this.view.notify(audioDroppedNotice());
      },
      onSoundRunning: (running) => (running ? this.view.dismiss('sound-paused') : this.view.notify(soundPausedNotice())),
      onBrowserVoice: (speaking) => this.reading.set(speaking),
    });
    this.live = live;
    live.setMuted(this.muted());
    const [playable] = await Promise.all([live.ready, this.server.known(CONFIG_WAIT_MS)]);
    if (this.live !== live) return;
    const engine = this.engine();
    this.runningEngine.set(engine);
    if (!playable) this.view.notify(noAudioNotice(knownMicrophoneProblem() === 'insecure'));
    void this.server.answered.then((config) => this.makeDo(config, live, playable));
    if (useMicrophone) await this.openMicrophone(live);
    if (this.live === live) live.connect(engine);
  }

  /** Does without what the server lacks, from when that is known: before the conversation, or while it runs. */
  private makeDo({ stages: { stt, tts } }: PublicConfig, live: LiveConversation, playable: boolean): void {
    if (this.live !== live || this.engine() === 'agent') return;
    if (!tts.available) {
      live.withoutServerVoice();
      if (playable) this.view.notify(noVoiceNotice());
    }
    if (!stt.available && this.hearing()) this.view.notify(noRecognitionNotice(stt.detail));
  }

  /** Opens the chosen microphone, or says why there is none; the conversation goes on either way, with the one before where there was one. */
  private async openMicrophone(live: LiveConversation, previousId = this.microphone()): Promise<void> {
    const stt = this.server.config()?.stages.stt;
    if (this.engine() === 'pipeline' && stt?.available === false) {
      this.view.notify(noRecognitionNotice(stt.detail));
      return;
    }
    // Without worklets there is a notice about that already.
    if (!(await live.ready)) return;
    const known = knownMicrophoneProblem();
    if (known) {
      this.view.notify(microphoneNotice(known));
      return;
    }
    try {
      const openedId = await live.useMicrophone(this.microphone());
      if (openedId === undefined || this.live !== live) return;
      this.wantsMicrophone = true;
      this.hearing.set(true);
      this.microphone.set(openedId);
      this.view.dismiss('microphone');
    } catch (error) {
      if (this.live !== live) return;
      this.microphone.set(previousId);
      this.view.notify(microphoneNotice(microphoneProblemOf(error)));
    }
    // Names and ids are known only once access was granted.
    await this.refreshMicrophones();
  }

  private received(message: ServerMessage): void {
    // Between `conversation_started` and the first state there is nothing to do yet, and nothing to show.
    if (message.type === 'state') this.phase.set('live');
    this.view.apply(message);
  }

  private retrying(attempt: number): void {
    this.phase.set('reconnecting');
    this.view.settle();
    if (attempt === 1) this.view.divide('Connection lost. A new conversation from here: the assistant does not remember what is above.');
    this.view.notify(retryNotice(attempt, RETRY_DELAYS_MS.length));
  }

  private closed(closure: LinkClosure): void {
    const notice = closureNotice(closure);
    if (notice) this.view.notify(notice);
    // The server has announced it: that it has come is said now.
    if (closure === 'draining') this.view.dismiss('notice-server_closing');
    // The server has said more than that.
    if (closure === 'declined') this.view.dismiss('connection');
    const nothingSaid = this.view.transcript.entries().length === 0;
    this.released(closure === 'ended' || (closure === 'declined' && nothingSaid) ? 'idle' : 'disconnected');
  }

  private released(phase: 'idle' | 'disconnected'): void {
    this.live = undefined;
    this.runningEngine.set(undefined);
    this.phase.set(phase);
    this.hearing.set(false);
    this.reading.set(false);
    for (const kind of ['microphone', 'sound', 'sound-paused']) this.view.dismiss(kind);
    this.view.settle();
  }

  private async refreshMicrophones(): Promise<void> {
    this.microphones.set(await listMicrophones());
  }
}
