import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import {
  type LiveConversation,
  type MicrophoneChoice,
  SILENCE_DBFS,
  isMicrophoneForbidden,
  knownMicrophoneProblem,
  listMicrophones,
  microphoneProblemOf,
  watchMicrophones,
} from '@parley/client';
import { ServerConfig } from '../server/server-config';
import { ConversationView } from './conversation-view';
import { EngineSelection } from './engine-selection';
import { microphoneAskedNotice, microphoneLostNotice, microphoneNotice, noRecognitionNotice } from './notices';

/** The conversation begins in writing, and says why, when the browser's question for the microphone is not answered by then. */
export const PROMPT_TIMEOUT_MS = 2_000;

/** The microphone of the page's conversations: which one, whether it is open, and what the visitor is told about it. */
@Injectable()
export class MicrophoneService {
  private readonly view = inject(ConversationView);
  private readonly server = inject(ServerConfig);
  private readonly engine = inject(EngineSelection).current;
  /** One is open. Without one the conversation runs on typed text. */
  readonly hearing = signal(false);
  readonly muted = signal(false);
  readonly choices = signal<readonly MicrophoneChoice[]>([{ id: '', label: 'Default microphone' }]);
  /** Id of the one in use or chosen for the next conversation; empty for the default one. */
  readonly chosen = signal('');
  /** Whether the next conversation is to begin with one: as the one before did. */
  isWanted = true;

  private live: LiveConversation | undefined;
  private promptTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(watchMicrophones(() => void this.refresh()));
    void this.refresh();
  }

  /** A conversation begins that may use it. */
  attach(live: LiveConversation): void {
    this.live = live;
    live.setMuted(this.muted());
  }

  /** The conversation is over, and its microphone released. */
  detach(): void {
    this.live = undefined;
    clearTimeout(this.promptTimer);
    this.hearing.set(false);
    this.view.dismiss('microphone');
  }

  /** Level now, in dBFS: read by a meter once per painted picture. */
  readonly inputDbfs = (): number => this.live?.inputDbfs() ?? SILENCE_DBFS;

  setMuted(muted: boolean): void {
    this.muted.set(muted);
    this.live?.setMuted(muted);
  }

  /** Chooses a microphone; a running conversation changes to it with `open`. Gives back the one before. */
  choose(deviceId: string): string {
    const previousId = this.chosen();
    this.chosen.set(deviceId);
    return previousId;
  }

  /**
   * Opens the chosen microphone, or says why there is none; the conversation goes on either way, with the one before where there was one.
   * Resolves then, or when the browser's question has stood unanswered for a while: the answer counts whenever it comes.
   */
  open(previousId = this.chosen()): Promise<void> {
    return new Promise((resolve) => {
      clearTimeout(this.promptTimer);
      const { live } = this;
      const asked = (): void => {
        this.promptTimer = setTimeout(() => {
          this.view.notify(microphoneAskedNotice());
          resolve();
        }, PROMPT_TIMEOUT_MS);
      };
      if (live) void this.request(live, previousId, asked).then(resolve);
      else resolve();
    });
  }

  /** It went away while in use. */
  async lost(how: 'unplugged' | 'failed'): Promise<void> {
    const { live } = this;
    this.hearing.set(false);
    this.view.notify(how === 'unplugged' ? microphoneLostNotice() : microphoneNotice('failed'));
    // The browser ends a microphone whose permission was taken back just as it ends one that was pulled out.
    if ((await isMicrophoneForbidden()) && this.live === live && !this.hearing()) this.view.notify(microphoneNotice('refused'));
  }

  /** Says so where it is open but of no use: the server recognises no speech. */
  noteRecognition(): void {
    const detail = this.missingRecognition();
    if (detail !== undefined && this.hearing()) this.view.notify(noRecognitionNotice(detail));
  }

  /** Looks again which ones there are. */
  async refresh(): Promise<void> {
    this.choices.set(await listMicrophones());
  }

  private async request(live: LiveConversation, previousId: string, asked: () => void): Promise<void> {
    const detail = this.missingRecognition();
    if (detail !== undefined) {
      this.view.notify(noRecognitionNotice(detail));
      return;
    }
    // Without worklets there is a notice about that already.
    if (!(await live.ready) || this.live !== live) return;
    const known = knownMicrophoneProblem();
    if (known) {
      this.view.notify(microphoneNotice(known));
      return;
    }
    asked();
    const { promptTimer } = this;
    try {
      const openedId = await live.useMicrophone(this.chosen());
      if (openedId === undefined || this.live !== live) return;
      this.isWanted = true;
      this.hearing.set(true);
      this.chosen.set(openedId);
      this.view.dismiss('microphone');
    } catch (error) {
      if (this.live !== live) return;
      this.chosen.set(previousId);
      this.view.notify(microphoneNotice(microphoneProblemOf(error)));
    } finally {
      clearTimeout(promptTimer);
    }
    // Names and ids are known only once access was granted.
    await this.refresh();
  }

  /** What the server says about the speech recognition it lacks; undefined where it has one, or where the agent brings its own. */
  private missingRecognition(): string | undefined {
    const stt = this.server.config()?.stages.stt;
    return this.engine() === 'pipeline' && stt?.available === false ? (stt.detail ?? '') : undefined;
  }
}
