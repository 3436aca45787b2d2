import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { LiveNarration, type NarrationClosure, TypedText } from '@parley/client/narration';
import type { NarrationMetrics } from '@parley/protocol';
import { SESSION_TOKENS } from '../server/session-tokens';
import { socketAddress } from '../server/socket-address';
import { StudioAudio } from './studio-audio';
import { StudioDraft } from './studio-draft';
import { StudioNotices } from './studio-notices';
import { StudioOffer } from './studio-offer';
import { STUDIO_SETTINGS } from './studio-settings';

/** What was written is spoken, finished sentence or not, when nothing was typed for this long. */
export const TYPING_PAUSE_MS = 900;

/** `typing`: what is typed at the end of the script is spoken. `reading`: the whole script is. */
export type LiveMode = 'off' | 'typing' | 'reading';

/** Speaks the script as it is written, or at once as a whole, without making an episode of it. */
@Injectable()
export class LiveTyping {
  private readonly draft = inject(StudioDraft);
  private readonly offer = inject(StudioOffer);
  private readonly notices = inject(StudioNotices);
  private readonly audio = inject(StudioAudio);
  private readonly address = socketAddress(inject(STUDIO_SETTINGS).socketUrl, inject(SESSION_TOKENS), 'narration');
  private readonly silenceOthers = this.audio.register(() => this.stop());
  private live: LiveNarration | undefined;
  private typed: TypedText | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly mode = signal<LiveMode>('off');
  readonly paused = signal(false);
  readonly metrics = signal<NarrationMetrics | undefined>(undefined);
  /** All text of this narration that has become speech. */
  readonly spokenText = signal('');
  /** The word that is heard now, in `spokenText`: read once per painted picture. */
  readonly heardWord = (): { from: number; to: number } => this.live?.heardWord() ?? { from: 0, to: 0 };

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  /** Speaks what is typed at the end of the script from now on, or stops that. Must be called from a click. */
  toggleTyping(): void {
    if (this.mode() === 'typing') this.stop();
    else this.begin('typing');
  }

  /** Speaks the whole script, or stops that. Must be called from a click. */
  toggleReading(): void {
    if (this.mode() === 'reading') this.stop();
    else this.begin('reading');
  }

  /** The script is this now. */
  written(script: string): void {
    const { typed } = this;
    if (this.mode() !== 'typing' || !typed) return;
    this.give(typed.change(script));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.give(typed.rest()), TYPING_PAUSE_MS);
  }

  togglePause(): void {
    if (!this.live) return;
    this.paused.update((paused) => !paused);
    if (this.paused()) this.live.pause();
    else this.live.resume();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.live?.close();
    this.live = undefined;
    this.typed = undefined;
    this.mode.set('off');
    this.paused.set(false);
  }

  private begin(mode: 'typing' | 'reading'): void {
    this.stop();
    this.silenceOthers();
    this.notices.dismiss('live');
    this.mode.set(mode);
    this.metrics.set(undefined);
    this.spokenText.set('');
    this.draft.check();
    const live = this.connect();
    this.live = live;
    const script = this.draft.script();
    this.typed = new TypedText(script, mode === 'reading');
    if (mode === 'reading') {
      this.give([...this.typed.change(script), ...this.typed.rest()]);
      live.end();
    }
  }

  private connect(): LiveNarration {
    const live: LiveNarration = new LiveNarration(this.address, this.audio.modules, {
      onMessage: (message) => {
        if (message.type === 'narration_started') this.notices.dismiss('live');
        if (message.type === 'narration_metrics') this.metrics.set(message);
        if (message.type === 'alignment') this.spokenText.set(live.spoken.text);
        if (message.type === 'error') this.notices.notify({ kind: 'live', tone: 'error', text: message.message });
        if (message.type === 'notice') this.notices.notify({ kind: 'live', tone: 'info', text: message.message });
      },
      onRetry: () =>
        this.notices.notify({ kind: 'live', tone: 'warning', text: 'The connection is lost. It goes on as soon as there is one.' }),
      onClosed: (closure) => this.closed(closure),
      onFinished: () => this.live === live && this.stop(),
      onUnderrun: () => undefined,
      onSoundRunning: () => undefined,
      onSoundBroken: this.audio.broken,
    });
    void live.ready.then((playable) => {
      if (!playable && this.live === live) this.audio.broken();
    });
    const voice = this.draft.voices().at(this.mode() === 'reading' ? 0 : -1)?.voiceId;
    const model = this.offer.options()?.purposes.live;
    live.start({ latency: this.draft.latency(), ...(voice && { voice_id: voice }), ...(model && { model }) });
    return live;
  }

  private give(steps: ReturnType<TypedText['change']>): void {
    for (const step of steps) {
      if (step.type === 'text') this.live?.text(step.text);
      else if (step.type === 'flush') this.live?.flush();
      else this.speaks(step.name);
    }
  }

  private speaks(speaker: string): void {
    const voice = this.draft.voiceOf(speaker);
    if (voice) this.live?.setVoice(voice);
  }

  private closed(closure: NarrationClosure): void {
    const words = CLOSURES[closure];
    if (words) this.notices.notify({ kind: 'live', tone: 'error', text: words });
  }
}

/** What is said when a narration is over; nothing where the server has said more, or nothing is wrong. */
const CLOSURES: Record<NarrationClosure, string | undefined> = {
  completed: undefined,
  cancelled: undefined,
  declined: undefined,
  failed: 'A problem on the server ended the speech. Start it again to go on.',
  refused: 'The server refused the connection. Reload the page, or try again later.',
  draining: 'The server is being restarted. Start again in a moment.',
  mismatched: 'This page and the server are of different versions. Reload the page.',
  unreachable: 'The server cannot be reached. Check your network, or try again later.',
  lost: 'The connection to the server is lost. Start again to go on.',
};
