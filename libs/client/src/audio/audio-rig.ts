import type { AudioModules } from './audio-modules';
import { MicCapture, type MicCaptureHandlers, SILENCE_DBFS } from './mic-capture';
import { knownMicrophoneProblem } from './microphones';
import { PlaybackEngine, type PlaybackHandlers } from './playback-engine';
import { SoundSwitch } from './sound-switch';

/** What the rig reports to its owner. */
export interface AudioRigHandlers extends MicCaptureHandlers {
  /** False if the browser or the system has paused all sound of the page, or has not allowed it yet. `resume` asks for it again. */
  onRunning(running: boolean): void;
}

/** Why the page can neither play nor capture: its address is not secure, the browser has no Web Audio, or the audio modules do not load. */
export type SoundProblem = 'insecure' | 'unsupported' | 'not_loaded';

/** If the audio modules take longer to load, the conversation begins with typed text only. */
export const LOAD_TIMEOUT_MS = 8_000;

/**
 * The only owner of the AudioContext, and of everything in its graph: microphone → capture worklet, and
 * playback worklet → analyser → speaker. Made inside the click that starts a conversation; `close` releases all of it.
 * If the browser has no Web Audio, `ready` resolves to false and nothing else has an effect.
 */
export class AudioRig {
  private readonly context = newContext();
  private readonly output = this.context?.createAnalyser();
  private readonly samples = new Float32Array(this.output?.fftSize ?? 0);
  private readonly sound: SoundSwitch | undefined;
  /** Resolves to true once both worklets are loaded, or to false if the browser has no worklets or they do not load in time. */
  readonly ready: Promise<boolean>;
  private capture: MicCapture | undefined;
  private playback: PlaybackEngine | undefined;
  /** Playbacks that are fading out. */
  private fading = 0;
  private muted = false;
  private closed = false;
  private stopLoading = (): void => undefined;

  /** `modules` stay with their owner. */
  constructor(
    private readonly handlers: AudioRigHandlers,
    private readonly modules: AudioModules,
  ) {
    if (this.context && this.output) {
      this.output.connect(this.context.destination);
      this.sound = new SoundSwitch(this.context, (running) => handlers.onRunning(running));
    }
    this.ready = this.load();
    this.resume();
  }

  /** Why `ready` resolves to false. Undefined if there is no problem. */
  get problem(): SoundProblem {
    if (knownMicrophoneProblem() === 'insecure') return 'insecure';
    return this.worklet ? 'not_loaded' : 'unsupported';
  }

  /**
   * Opens a microphone (empty id: the default one), or changes to it while another runs; `ready` must have resolved to true.
   * Returns the id of the device in use; undefined when a later call or `close` overtook it. Rejects with the browser's DOMException.
   */
  async useMicrophone(deviceId: string): Promise<string | undefined> {
    if (this.closed || !this.context) return undefined;
    if (!this.capture) {
      this.capture = new MicCapture(this.context, this.handlers);
      this.capture.setMuted(this.muted);
    }
    return this.capture.use(deviceId);
  }

  /** Sends silence instead of the microphone's sound. */
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.capture?.setMuted(muted);
  }

  /** Opens a new playback for speech at this rate, which replaces the previous one. Frames wait in it until `ready`. */
  openPlayback(sourceRateHz: number, handlers: PlaybackHandlers): PlaybackEngine {
    this.closePlayback();
    const playback = new PlaybackEngine(handlers);
    this.playback = playback;
    void this.ready.then((usable) => {
      if (usable && this.output) playback.attach(this.output, sourceRateHz);
    });
    return playback;
  }

  /** Closes the playback with a fade-out. */
  closePlayback(): void {
    const { playback } = this;
    if (!playback) return;
    this.playback = undefined;
    this.fading += 1;
    playback.close(() => {
      this.fading -= 1;
      if (this.closed) this.release();
    });
  }

  /** Level of the microphone's latest frame. */
  inputDbfs(): number {
    return this.capture?.levelDbfs ?? SILENCE_DBFS;
  }

  /** Level of what is going to the speaker now. No allocation. */
  outputDbfs(): number {
    this.output?.getFloatTimeDomainData(this.samples);
    let energy = 0;
    for (const sample of this.samples) energy += sample * sample;
    return energy === 0 ? SILENCE_DBFS : 10 * Math.log10(energy / this.samples.length);
  }

  /** How long a sample takes from the worklet to the speaker, as far as the browser knows. */
  get outputLatencyMs(): number {
    return 1000 * (this.context?.outputLatency || this.context?.baseLatency || 0);
  }

  /** Whether the browser plays the page's sound, as far as it reports that. */
  get isRunning(): boolean {
    return this.context?.state === 'running';
  }

  /** Asks the browser to play the page's sound (again). */
  resume(): void {
    this.sound?.resume();
  }

  /** Stops the microphone, fades out what is playing and releases the audio device. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.stopLoading();
    this.sound?.close();
    this.capture?.stop();
    this.closePlayback();
    this.closed = true;
    this.release();
  }

  /** Releases the device once nothing is heard any more. */
  private release(): void {
    if (this.fading > 0) return;
    this.output?.disconnect();
    this.context?.close().catch(() => undefined);
  }

  /** Missing on pages from insecure addresses and in old browsers, although the DOM types say otherwise. */
  private get worklet(): AudioWorklet | undefined {
    return typeof AudioWorkletNode === 'undefined' ? undefined : this.context?.audioWorklet;
  }

  private load(): Promise<boolean> {
    const { worklet } = this;
    if (!worklet) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (loaded: boolean): void => {
        clearTimeout(timer);
        resolve(loaded && !this.closed);
      };
      const timer = setTimeout(() => settle(false), LOAD_TIMEOUT_MS);
      this.stopLoading = () => settle(false);
      this.modules.addTo(worklet).then(
        () => settle(true),
        () => settle(false),
      );
    });
  }
}

/** Undefined if the browser has no Web Audio or no audio device. */
function newContext(): AudioContext | undefined {
  try {
    return new AudioContext({ latencyHint: 'interactive' });
  } catch {
    return undefined;
  }
}
