import { CAPTURE_PROCESSOR, type CaptureCommand, type CaptureEvent } from '@parley/audio-worklets';
import { openMicrophone } from './microphones';

/** What the capture reports to its owner. Both are called on the page's main thread, `onFrame` fifty times a second. */
export interface MicCaptureHandlers {
  /** One 20 ms frame, PCM s16le, mono, 16 kHz, and its level. The receiver owns `pcm`. */
  onFrame(pcm: ArrayBuffer, levelDbfs: number): void;
  /** The microphone was `unplugged`, or its permission was withdrawn, or its worklet `failed`. */
  onLost(how: 'unplugged' | 'failed'): void;
}

/** The level that a meter shows if there is no signal. */
export const SILENCE_DBFS = -100;

/**
 * The microphone of one conversation: device → capture worklet → `onFrame`.
 * To be created once the capture worklet is loaded. `use` opens a device or changes it while running; `stop` releases everything.
 */
export class MicCapture {
  private readonly node: AudioWorkletNode;
  private stream: MediaStream | undefined;
  private source: MediaStreamAudioSourceNode | undefined;
  private muted = false;
  private stopped = false;
  /** Whether a device was ever open. What the worklet sends before that is only silence while the browser asks for permission. */
  private hasHeard = false;
  private lastDbfs = SILENCE_DBFS;
  /** Counts the calls of `use`, because only the latest one may take effect. */
  private uses = 0;

  constructor(
    private readonly context: AudioContext,
    private readonly handlers: MicCaptureHandlers,
  ) {
    this.node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    this.node.port.onmessage = (event: MessageEvent<CaptureEvent>) => this.received(event.data);
    this.node.onprocessorerror = () => this.lost(this.stream, 'failed');
  }

  /** Level of the latest frame; silence while muted or without a device. Meant to be read once per animation frame. */
  get levelDbfs(): number {
    return this.muted || !this.stream ? SILENCE_DBFS : this.lastDbfs;
  }

  /**
   * Opens a microphone (empty id: the default one) in place of the current one, which keeps running until then. Returns the id of the device
   * in use, or undefined if `use` or `stop` was called in the meantime. Rejects with the browser's DOMException.
   */
  async use(deviceId: string): Promise<string | undefined> {
    const use = ++this.uses;
    const stream = await openMicrophone(deviceId);
    if (this.stopped || use !== this.uses) {
      stopTracks(stream);
      return undefined;
    }
    const source = this.sourceOf(stream);
    this.releaseDevice();
    const [track] = stream.getAudioTracks();
    this.stream = stream;
    this.source = source;
    source.connect(this.node);
    this.hasHeard = true;
    if (track) track.onended = () => this.lost(stream, 'unplugged');
    return track?.getSettings().deviceId ?? deviceId;
  }

  /** While muted, the worklet sends silence, because the server counts silence in audio. */
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.command({ type: 'mute', muted });
  }

  /** Stops the device and the worklet. */
  stop(): void {
    this.stopped = true;
    this.releaseDevice();
    this.node.port.onmessage = null;
    this.node.onprocessorerror = null;
    this.command({ type: 'stop' });
    this.node.disconnect();
  }

  /** Some browsers refuse a microphone whose sample rate differs from the context's. */
  private sourceOf(stream: MediaStream): MediaStreamAudioSourceNode {
    try {
      return this.context.createMediaStreamSource(stream);
    } catch (error) {
      stopTracks(stream);
      throw error;
    }
  }

  private received(message: CaptureEvent): void {
    if (!this.hasHeard) return;
    this.lastDbfs = message.levelDbfs;
    this.handlers.onFrame(message.pcm, message.levelDbfs);
  }

  private lost(stream: MediaStream | undefined, how: 'unplugged' | 'failed'): void {
    if (!stream || stream !== this.stream) return;
    this.releaseDevice();
    this.handlers.onLost(how);
  }

  private releaseDevice(): void {
    this.source?.disconnect();
    if (this.stream) stopTracks(this.stream);
    this.source = undefined;
    this.stream = undefined;
    this.lastDbfs = SILENCE_DBFS;
  }

  private command(command: CaptureCommand): void {
    this.node.port.postMessage(command);
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}
