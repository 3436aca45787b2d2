import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { AudioModules, type LiveConversation, SILENCE_DBFS, type SoundProblem } from '@parley/client';
import { ENDPOINTS } from '../endpoints';
import { ConversationView } from './conversation-view';
import { noAudioNotice, soundPausedNotice } from './notices';

/** The playback of the page's conversations: whether it sounds, what it does not play, and what the visitor is told about it. */
@Injectable()
export class PlaybackService {
  private readonly view = inject(ConversationView);
  /** The AudioWorklet modules, fetched ahead; every conversation loads them into its own audio context. */
  readonly modules = new AudioModules(inject(ENDPOINTS).worklets);
  /** The browser lets the page's sound run, as far as it has said: else nobody hears the assistant, and the microphone brings nothing. */
  readonly sounding = signal(true);
  /** The browser's own voice reads a reply. */
  readonly reading = signal(false);
  private live: LiveConversation | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.modules.close());
    this.modules.fetchAhead();
  }

  /** A conversation begins, whose speech is played. */
  attach(live: LiveConversation): void {
    this.live = live;
  }

  /** The conversation is over, and its audio device given back. */
  detach(): void {
    this.live = undefined;
    this.sounding.set(true);
    this.reading.set(false);
    for (const kind of ['sound', 'sound-paused']) this.view.dismiss(kind);
  }

  /** Lets paused sound run again; from a click. */
  resume(): void {
    this.live?.resumeSound();
  }

  /** Level at the speaker now, in dBFS: read by a meter once per painted picture. */
  readonly outputDbfs = (): number => this.live?.outputDbfs() ?? SILENCE_DBFS;

  /** The browser paused (false) or resumed the sound, or has not let it begin. */
  soundRuns(running: boolean): void {
    this.sounding.set(running);
    if (running) this.view.dismiss('sound-paused');
    else this.view.notify(soundPausedNotice());
  }

  /** The speech ran dry while playing. */
  gapHeard(): void {
    this.view.gaps.update((gaps) => gaps + 1);
  }

  /** Nothing can be played: from the beginning, for the reason the conversation gives, or because the playback broke. */
  soundFailed(why: SoundProblem | 'broken'): void {
    this.view.notify(noAudioNotice(why));
  }
}
