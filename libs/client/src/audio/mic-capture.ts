import { CAPTURE_PROCESSOR, type CaptureCommand, type CaptureEvent } from '@parley/audio-worklets';
import { openMicrophone } from './microphones';

/** What the capture tells its owner. Both are called on the page's thread, `onFrame` fifty times a second. */
export interface MicCaptureHandlers {
  /** One 20 ms frame, PCM s16le, mono, 16 kHz, and its level. The receiver owns `pcm`. */
  onFrame(pcm: ArrayBuffer, levelDbfs: number): void;
  /** The microphone went away by itself (`unplugged`, or taken back by the browser), or its worklet `failed`. */
  onLost(how: 'unplugged' | 'failed'): void;
}

/** What a meter shows for no signal. */
export const SILENCE_DBFS = -100;

/**
 * The microphone of one conversation: device → capture worklet → `onFrame`.
 * Made once the capture worklet is loaded; `use` opens a device or changes it while running; `stop` releases everything.
 */
export class MicCapture {
  private readonly node: AudioWorkletNode;
  private stream: MediaStream | undefined;
  private source: MediaStreamAudioSourceNode | undefined;
  private muted = false;
  private stopped = false;
  /** There has been a device: what the worklet sends before that is nothing but the silence of a question nobody has answered. */
  private hasHeard = false;
  private lastDbfs = SILENCE_DBFS;
  /** Counts the calls of `use`: only the latest one may take effect. */
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

  /** Level of the latest frame; silence while muted or without a device. Made to be read once per painted picture. */
  get levelDbfs(): number {
    return this.muted || !this.stream ? SILENCE_DBFS : this.lastDbfs;
  }

  /**
   * Opens a microphone (empty id: the default one) and puts it in the place of the current one, which keeps running until then.
   * Returns the id of the device in use; undefined when a later call or `stop` overtook it. Rejects with the browser's DOMException.
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

  /** Muted, the worklet sends silence instead of nothing: the server's silence rule goes on counting. */
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

  /** Some browsers refuse a microphone whose rate is not the context's. */
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
