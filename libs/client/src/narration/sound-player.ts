import type { AudioModules } from '../audio/audio-modules';
import { AudioRig } from '../audio/audio-rig';
import type { PlaybackEngine } from '../audio/playback-engine';
import type { PlaybackReport } from '../audio/playback-report';
import type { ArrivingSound } from './arriving-sound';
import { PlayedClock } from './played-clock';

/** `waiting`: it plays on as soon as more has arrived. */
export type PlayerState = 'paused' | 'playing' | 'waiting' | 'ended';

/** What a player reports to its owner. */
export interface SoundPlayerHandlers {
  onState(state: PlayerState): void;
  /** The page cannot play, or cannot play any more. */
  onSoundBroken(): void;
}

/** What a player needs of a sound. */
export type PlayableSound = Pick<ArrivingSound, 'sampleRateHz' | 'samples' | 'isComplete' | 'read'>;

/** How far the audio thread is ahead of what is heard. It is more than a page in the background is ever late. */
const AHEAD_MS = 6_000;
const READ_MS = 1_000;
/** A jump to the end is to a place so short before it. */
const LAST_S = 0.05;

/**
 * Plays a sound that may still be arriving, from any place of it. Each start, and each jump, is a turn of its own of the playback. The owner
 * calls `grown` when more has arrived. Closed by its owner, which also owns the sound.
 */
export class SoundPlayer {
  private readonly clock = new PlayedClock();
  private rig: AudioRig | undefined;
  private playback: PlaybackEngine | undefined;
  private sound: PlayableSound | undefined;
  private current: PlayerState = 'paused';
  private turn = 0;
  /** Where the turn begins, and how much of it the audio thread has, in samples of the sound. */
  private from = 0;
  private fed = 0;
  private isFeeding = false;
  private isFed = false;

  /** `modules` stay with their owner. */
  constructor(
    private readonly modules: AudioModules,
    private readonly handlers: SoundPlayerHandlers,
  ) {}

  get state(): PlayerState {
    return this.current;
  }

  /** Opens the audio device, in a click, for a sound that is not there yet. */
  prepare(): void {
    this.openSound();
    this.rig?.resume();
  }

  /** Takes another sound, paused at this place. */
  load(sound: PlayableSound | undefined, atMs = 0): void {
    this.rig?.closePlayback();
    this.playback = undefined;
    this.turn = 0;
    this.sound = sound;
    this.begin(sound ? Math.round((atMs * sound.sampleRateHz) / 1000) : 0);
    this.become('paused');
  }

  /** Plays on, or from the beginning when it was played to its end. Must be called from a click the first time. */
  play(): void {
    const { sound } = this;
    if (!sound) return;
    if (this.current === 'ended') this.jump(0);
    this.openSound();
    this.rig?.resume();
    if (this.turn > 0 && this.playback) {
      this.playback.pause(this.turn, false);
      this.clock.resume(performance.now());
    }
    this.become('waiting');
    if (this.heardMs() > 0) this.become('playing');
    void this.feed();
  }

  pause(): void {
    if (this.current === 'ended') return;
    this.playback?.pause(this.turn, true);
    this.clock.stop(performance.now());
    this.become('paused');
  }

  /** Goes on from another place, playing or paused as before. */
  seek(toMs: number): void {
    const { sound } = this;
    if (!sound || sound.sampleRateHz === 0) return;
    const wasRunning = this.current === 'playing' || this.current === 'waiting';
    this.jump(Math.round((Math.max(0, toMs) * sound.sampleRateHz) / 1000));
    this.become(wasRunning ? 'waiting' : 'paused');
    if (wasRunning) void this.feed();
  }

  /** What is heard now, from the beginning of the sound. */
  positionMs(): number {
    const rateHz = this.sound?.sampleRateHz ?? 0;
    return rateHz === 0 ? 0 : (this.from * 1000) / rateHz + this.heardMs();
  }

  /** More of the sound has arrived. */
  grown(): void {
    if (this.current === 'playing' || this.current === 'waiting') void this.feed();
  }

  /** Level at the speaker, for a meter. */
  outputDbfs(): number {
    return this.rig?.outputDbfs() ?? -100;
  }

  /** Fades out and releases the audio device. */
  close(): void {
    this.sound = undefined;
    this.playback = undefined;
    this.rig?.close();
    this.rig = undefined;
  }

  private openSound(): void {
    if (this.rig) return;
    const rig = new AudioRig({ onFrame: () => undefined, onLost: () => undefined, onRunning: () => undefined }, this.modules);
    this.rig = rig;
    void rig.ready.then((playable) => {
      if (!playable && this.rig === rig) this.broke();
    });
  }

  private broke(): void {
    this.rig?.close();
    this.rig = undefined;
    this.playback = undefined;
    this.become('paused');
    this.handlers.onSoundBroken();
  }

  /** Stops what is played, and begins another turn. */
  private jump(to: number): void {
    if (this.turn > 0) this.playback?.flush(this.turn);
    const { samples = 0, sampleRateHz = 0, isComplete = false } = this.sound ?? {};
    // A turn without any sound would never end.
    this.begin(Math.max(0, Math.min(to, isComplete ? samples - Math.round(sampleRateHz * LAST_S) : samples)));
  }

  private begin(at: number): void {
    this.turn += 1;
    this.from = at;
    this.fed = at;
    this.isFed = false;
    this.clock.report({ turn: this.turn, event: 'ended', playedMs: 0 }, 0);
  }

  private heardMs(): number {
    const { turn, playedMs } = this.clock.position(performance.now() - (this.rig?.outputLatencyMs ?? 0));
    return turn === this.turn ? playedMs : 0;
  }

  /** Gives the audio thread what it needs next. */
  private async feed(): Promise<void> {
    if (this.isFeeding) return;
    this.isFeeding = true;
    try {
      while (this.wantsMore()) await this.feedOne();
    } finally {
      this.isFeeding = false;
    }
  }

  private wantsMore(): boolean {
    const { sound } = this;
    if (!sound || sound.sampleRateHz === 0 || !this.rig || this.isFed) return false;
    if (this.current !== 'playing' && this.current !== 'waiting') return false;
    if (this.fed >= sound.samples && !sound.isComplete) return false;
    return ((this.fed - this.from) * 1000) / sound.sampleRateHz - this.heardMs() < AHEAD_MS;
  }

  private async feedOne(): Promise<void> {
    const { sound, turn, fed } = this;
    if (!sound) return;
    const pcm = await sound.read(fed, fed + (READ_MS * sound.sampleRateHz) / 1000);
    // A jump or another sound has overtaken the reading.
    if (sound !== this.sound || turn !== this.turn || fed !== this.fed) return;
    this.fed = fed + pcm.byteLength / 2;
    this.isFed = sound.isComplete && this.fed >= sound.samples;
    this.playback ??= this.openPlayback(sound.sampleRateHz);
    this.playback?.play({ turn, pcm, last: this.isFed });
  }

  private openPlayback(sampleRateHz: number): PlaybackEngine | undefined {
    return this.rig?.openPlayback(sampleRateHz, {
      onReport: (report) => this.report(report),
      onUnderrun: (turn) => {
        if (turn !== this.turn) return;
        this.clock.stop(performance.now());
        if (this.current === 'playing') this.become('waiting');
      },
      onBroken: () => this.broke(),
    });
  }

  private report(report: PlaybackReport): void {
    if (report.turn !== this.turn) return;
    this.clock.report(report, performance.now());
    if (this.current === 'paused') this.clock.stop(performance.now());
    else if (report.event === 'ended') this.become('ended');
    else {
      this.become('playing');
      void this.feed();
    }
  }

  private become(state: PlayerState): void {
    if (state === this.current) return;
    this.current = state;
    this.handlers.onState(state);
  }
}
