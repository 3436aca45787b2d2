import { DestroyRef, Injectable, inject } from '@angular/core';
import { AudioModules } from '@parley/client';
import { ENDPOINTS } from '../endpoints';
import { StudioNotices } from './studio-notices';

/** What all players of the studio share: the audio modules, and that only one of them is heard at a time. */
@Injectable()
export class StudioAudio {
  private readonly notices = inject(StudioNotices);
  /** The AudioWorklet modules, fetched ahead. */
  readonly modules = new AudioModules(inject(ENDPOINTS).worklets);
  private readonly silencers = new Set<() => void>();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.modules.close());
    this.modules.fetchAhead();
  }

  /** `silence` is called when another player begins. Returns what a player calls before it begins. */
  register(silence: () => void): () => void {
    this.silencers.add(silence);
    return () => {
      for (const other of this.silencers) if (other !== silence) other();
    };
  }

  /** The page cannot play. */
  readonly broken = (): void => {
    this.notices.notify({
      kind: 'sound',
      tone: 'warning',
      text: 'This page cannot play sound here. You can still make and download episodes.',
    });
  };
}
