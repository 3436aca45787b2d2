import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { ArrivingSound, EpisodeApi, SoundPlayer } from '@parley/client/narration';
import { StudioAudio } from './studio-audio';
import { StudioNotices } from './studio-notices';

/** Lets a voice say a short sentence. */
@Injectable()
export class VoicePreview {
  private readonly api = inject(EpisodeApi);
  private readonly notices = inject(StudioNotices);
  private readonly audio = inject(StudioAudio);
  private sound: ArrivingSound | undefined;
  /** Id of the voice that is heard, or will be as soon as it has come. */
  readonly voiceId = signal<string | undefined>(undefined);
  private readonly player = new SoundPlayer(this.audio.modules, {
    onState: (state) => state === 'ended' && this.stop(),
    onSoundBroken: () => {
      this.stop();
      this.audio.broken();
    },
  });
  private readonly silenceOthers = this.audio.register(() => this.stop());

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.stop();
      this.player.close();
    });
  }

  /** Plays this voice, or stops it if it is the one that is heard. Must be called from a click. */
  toggle(voiceId: string): void {
    const wasHeard = this.voiceId() === voiceId;
    this.stop();
    if (wasHeard) return;
    this.silenceOthers();
    this.voiceId.set(voiceId);
    this.notices.dismiss('preview');
    const sound: ArrivingSound = new ArrivingSound((signal) => this.asked(voiceId, signal), {
      onGrown: () => this.sound === sound && this.player.grown(),
      onBroken: () => this.sound === sound && this.stop(),
    });
    this.sound = sound;
    this.player.load(sound);
    this.player.play();
  }

  stop(): void {
    if (!this.sound) return;
    this.sound.close();
    this.sound = undefined;
    this.player.load(undefined);
    this.voiceId.set(undefined);
  }

  private async asked(voiceId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    try {
      return await this.api.preview(voiceId, signal);
    } catch (error) {
      this.notices.failed('preview', 'The voice cannot be heard now.', error);
      throw error;
    }
  }
}
