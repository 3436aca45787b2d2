import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { ArrivingSound, type Caption, EpisodeApi, type PlayerState, SoundPlayer, parseCaptions } from '@parley/client/narration';
import { StudioAudio } from './studio-audio';
import { StudioNotices } from './studio-notices';

/** The sound of the episode that is open: as it is made, and then the finished one; and its captions. */
@Injectable()
export class EpisodeSound {
  private readonly api = inject(EpisodeApi);
  private readonly notices = inject(StudioNotices);
  private readonly audio = inject(StudioAudio);
  private readonly player = new SoundPlayer(this.audio.modules, {
    onState: (state) => {
      this.playerState.set(state);
      this.useFinished();
    },
    onSoundBroken: this.audio.broken,
  });
  private readonly silenceOthers = this.audio.register(() => this.player.pause());
  private readonly playerState = signal<PlayerState>('paused');
  private readonly sound = signal<ArrivingSound | undefined>(undefined);
  private finished: ArrivingSound | undefined;
  /** The sound that is loaded ends before the episode does. */
  private isBroken = false;
  private leaving = new AbortController();

  readonly state = this.playerState.asReadonly();
  /** How much has arrived, in ms: rises while the episode is made. */
  readonly arrivedMs = signal(0);
  readonly isComplete = signal(false);
  readonly captions = signal<readonly Caption[]>([]);
  readonly hasSound = computed(() => this.sound() !== undefined);
  /** The shape of what has arrived, for a picture. */
  readonly peaks = computed(() => this.sound()?.peaks);
  /** The place that is heard now, in ms: read once per painted picture. */
  readonly positionMs = (): number => this.player.positionMs();

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.clear();
      this.player.close();
    });
  }

  /** Opens the audio device for an episode that is only being made. Must be called from a click. */
  prepare(): void {
    this.silenceOthers();
    this.player.prepare();
  }

  /** Plays the episode as it is made, from its beginning. */
  follow(episodeId: string, plays: boolean): void {
    this.clear();
    const sound = this.load(this.api.streamUrl(episodeId), () => this.grown(sound));
    this.use(sound, 0);
    if (plays) this.player.play();
  }

  /** The episode is finished: takes its final sound as soon as nothing is heard of the former one, and its captions. */
  finish(episodeId: string): void {
    const { signal } = this.leaving;
    this.finished?.close();
    const sound = this.load(this.api.fileUrl(episodeId, 'wav'), () => {
      if (this.finished === sound) this.useFinished();
      else this.grown(sound);
    });
    this.finished = sound;
    void this.notices
      .attempt('captions', 'The captions cannot be shown.', async () => {
        const captions = parseCaptions(await this.api.text(this.api.fileUrl(episodeId, 'vtt'), signal));
        if (!signal.aborted) this.captions.set(captions);
      })
      .catch(() => undefined);
  }

  /** Plays or pauses. Must be called from a click. */
  toggle(): void {
    if (this.playerState() === 'playing' || this.playerState() === 'waiting') this.player.pause();
    else {
      this.silenceOthers();
      this.player.play();
    }
  }

  seek(toMs: number): void {
    this.player.seek(Math.min(toMs, this.arrivedMs()));
  }

  /** Goes back (negative) or on. */
  skip(byMs: number): void {
    this.seek(this.player.positionMs() + byMs);
  }

  /** Forgets the episode. */
  clear(): void {
    this.leaving.abort();
    this.leaving = new AbortController();
    this.player.load(undefined);
    this.sound()?.close();
    this.finished?.close();
    this.finished = undefined;
    this.isBroken = false;
    this.sound.set(undefined);
    this.captions.set([]);
    this.arrivedMs.set(0);
    this.isComplete.set(false);
  }

  private load(address: string, onGrown: () => void): ArrivingSound {
    const sound: ArrivingSound = new ArrivingSound((signal) => this.api.bytes(address, signal), {
      onGrown,
      onBroken: () => this.broke(sound),
    });
    return sound;
  }

  private broke(sound: ArrivingSound): void {
    this.isBroken ||= sound === this.sound();
    if (this.finished === sound) this.finished = undefined;
    const text = 'The rest of the sound has not arrived. Open the episode again when it is finished.';
    this.notices.notify({ kind: 'episode-sound', tone: 'warning', text });
    this.useFinished();
  }

  /** Changes over to the finished sound where it has arrived up to the place that is heard, unless that would be noticed. */
  private useFinished(): void {
    const sound = this.finished;
    const state = this.playerState();
    if (!sound || state === 'playing' || (state === 'waiting' && this.sound() !== undefined && !this.isBroken)) return;
    const atMs = state === 'ended' ? 0 : this.player.positionMs();
    if (sound.sampleRateHz === 0 || sound.durationMs < atMs) return;
    this.finished = undefined;
    this.sound()?.close();
    this.isBroken = false;
    this.notices.dismiss('episode-sound');
    this.use(sound, atMs);
    this.grown(sound);
    if (state === 'waiting') this.player.play();
  }

  private use(sound: ArrivingSound, atMs: number): void {
    this.sound.set(sound);
    this.player.load(sound, atMs);
  }

  private grown(sound: ArrivingSound): void {
    if (this.sound() !== sound) return;
    this.arrivedMs.set(sound.durationMs);
    this.isComplete.set(sound.isComplete);
    this.player.grown();
  }
}
