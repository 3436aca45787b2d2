import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import {
  MicrophoneCheck,
  type MicrophoneChoice,
  type MicrophoneProblem,
  SILENCE_DBFS,
  knownMicrophoneProblem,
  listMicrophones,
  microphoneProblemOf,
  watchMicrophones,
} from '@parley/client/rooms';

/** The microphone as one tries it out before joining, and which one is chosen. */
@Injectable()
export class MicrophoneTrial {
  private check: MicrophoneCheck | undefined;
  readonly choices = signal<readonly MicrophoneChoice[]>([{ id: '', label: 'Default microphone' }]);
  /** Empty: the default one. */
  readonly chosen = signal('');
  readonly phase = signal<'off' | 'opening' | 'on'>('off');
  readonly problem = signal<MicrophoneProblem | undefined>(undefined);

  constructor() {
    const stopWatching = watchMicrophones(() => void this.refresh());
    inject(DestroyRef).onDestroy(() => {
      stopWatching();
      this.stop();
    });
    void this.refresh();
  }

  /** Level now, in dBFS: read by a meter once per painted picture. */
  readonly levelDbfs = (): number => this.check?.levelDbfs() ?? SILENCE_DBFS;

  /** Opens the chosen microphone to show its level. Must be called from a click. */
  async start(): Promise<void> {
    const known = knownMicrophoneProblem();
    this.problem.set(known);
    if (known) return;
    const check = (this.check ??= new MicrophoneCheck());
    if (this.phase() === 'off') this.phase.set('opening');
    try {
      const openedId = await check.use(this.chosen());
      if (check !== this.check || openedId === undefined) return;
      this.chosen.set(openedId);
      this.phase.set('on');
    } catch (error) {
      if (check !== this.check) return;
      this.stop();
      this.problem.set(microphoneProblemOf(error));
    }
    // Names and ids are known only once access was granted.
    await this.refresh();
  }

  /** Chooses a microphone; one that is being tried out is changed. */
  async choose(deviceId: string): Promise<void> {
    this.chosen.set(deviceId);
    if (this.phase() !== 'off') await this.start();
  }

  /** Gives the microphone back. */
  stop(): void {
    this.check?.close();
    this.check = undefined;
    this.phase.set('off');
  }

  private async refresh(): Promise<void> {
    this.choices.set(await listMicrophones());
  }
}
