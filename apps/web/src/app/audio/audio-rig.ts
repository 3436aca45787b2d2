import { captureWorkletUrl, playbackWorkletUrl } from '../worklet-url';
import { MicCapture, type MicCaptureHandlers, SILENCE_DBFS } from './mic-capture';
import { PlaybackEngine, type PlaybackHandlers } from './playback-engine';

/** What the rig tells its owner. */
export interface AudioRigHandlers extends MicCaptureHandlers {
  /** False: the browser or the system paused all sound of the page; `resume` asks for it again. */
  onRunning(running: boolean): void;
}

/**
 * The only owner of the AudioContext, and of everything in its graph: microphone → capture worklet, and
 * playback worklet → analyser → speaker. Made inside the click that starts a conversation; `close` releases all of it.
 */
export class AudioRig {
  private readonly context = new AudioContext({ latencyHint: 'interactive' });
  private readonly output = this.context.createAnalyser();
  private readonly samples = new Float32Array(this.output.fftSize);
  /** Resolves once both worklets are loaded; false where the browser has none to offer, or they do not load. */
  readonly ready: Promise<boolean>;
  private capture: MicCapture | undefined;
  private playback: PlaybackEngine | undefined;
  private muted = false;
  private closed = false;

  constructor(private readonly handlers: AudioRigHandlers) {
    this.output.connect(this.context.destination);
    this.context.onstatechange = () => handlers.onRunning(this.context.state === 'running');
    this.ready = this.load();
    this.resume();
  }

  /**
   * Opens a microphone (empty id: the default one), or changes to it while another runs; `ready` must have resolved to true.
   * Returns the id of the device in use; undefined when a later call or `close` overtook it. Rejects with the browser's DOMException.
   */
  async useMicrophone(deviceId: string): Promise<string | undefined> {
    if (this.closed) return undefined;
    if (!this.capture) {
      this.capture = new MicCapture(this.context, this.handlers);
      this.capture.setMuted(this.muted);
    }
    return this.capture.use(deviceId);
  }

  /** Sends silence in the place of what the microphone hears. */
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.capture?.setMuted(muted);
  }

  /** A fresh playback for a conversation whose speech has this rate, in place of the one before; frames wait inside it until `ready`. */
  openPlayback(sourceRateHz: number, handlers: PlaybackHandlers): PlaybackEngine {
    this.playback?.close();
    const playback = new PlaybackEngine(handlers);
    this.playback = playback;
    void this.ready.then((usable) => {
      if (usable) playback.attach(this.output, sourceRateHz);
    });
    return playback;
  }

  /** Level of the microphone's latest frame. */
  inputDbfs(): number {
    return this.capture?.levelDbfs ?? SILENCE_DBFS;
  }

  /** Level of what is going to the speaker now. No allocation. */
  outputDbfs(): number {
    this.output.getFloatTimeDomainData(this.samples);
    let energy = 0;
    for (const sample of this.samples) energy += sample * sample;
    return energy === 0 ? SILENCE_DBFS : 10 * Math.log10(energy / this.samples.length);
  }

  /** How long a sample takes from the worklet to the ear, as far as the browser knows. */
  get outputLatencyMs(): number {
    return 1000 * (this.context.outputLatency || this.context.baseLatency || 0);
  }

  /** Asks the browser to let the sound run (again). */
  resume(): void {
    this.context.resume().catch(() => undefined);
  }

  /** Stops the microphone, falls silent and gives the audio device back. May be called twice. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.capture?.stop();
    this.playback?.close();
    this.output.disconnect();
    this.context.onstatechange = null;
    this.context.close().catch(() => undefined);
  }

  private async load(): Promise<boolean> {
    // Not there on pages from insecure addresses, whatever the DOM types say.
    const worklet: AudioWorklet | undefined = this.context.audioWorklet;
    if (!worklet) return false;
    try {
      await Promise.all([worklet.addModule(captureWorkletUrl()), worklet.addModule(playbackWorkletUrl())]);
      return !this.closed;
    } catch {
      return false;
    }
  }
}
