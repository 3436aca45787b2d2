import { SILENCE_DBFS } from '../audio/mic-capture';
import { openMicrophone } from '../audio/microphones';

/** A microphone that is tried out before one joins: its level, and nothing else. `close` releases it. */
export class MicrophoneCheck {
  private readonly context = new AudioContext();
  private readonly analyser = this.context.createAnalyser();
  private readonly samples = new Float32Array(this.analyser.fftSize);
  private stream: MediaStream | undefined;
  private source: MediaStreamAudioSourceNode | undefined;
  private uses = 0;

  /**
   * Opens a microphone (empty id: the default one) in the place of the one before. Returns the id of the device in use, or undefined if `use` or
   * `close` was called in the meantime. Rejects with the browser's DOMException.
   */
  async use(deviceId: string): Promise<string | undefined> {
    const use = ++this.uses;
    const stream = await openMicrophone(deviceId);
    if (use !== this.uses) {
      stop(stream);
      return undefined;
    }
    const source = this.sourceOf(stream);
    this.release();
    this.stream = stream;
    this.source = source;
    source.connect(this.analyser);
    // Browsers let a context run that was made in a click, or once there is a microphone.
    void this.context.resume().catch(() => undefined);
    return stream.getAudioTracks()[0]?.getSettings().deviceId ?? deviceId;
  }

  /** Level now, in dBFS. Meant to be read once per animation frame. */
  readonly levelDbfs = (): number => {
    if (!this.stream) return SILENCE_DBFS;
    this.analyser.getFloatTimeDomainData(this.samples);
    let energy = 0;
    for (const sample of this.samples) energy += sample ** 2;
    return Math.max(SILENCE_DBFS, 10 * Math.log10(energy / this.samples.length));
  };

  /** Releases the microphone and the audio device. Idempotent. */
  close(): void {
    this.uses += 1;
    this.release();
    if (this.context.state !== 'closed') void this.context.close();
  }

  /** Some browsers refuse a microphone whose sample rate differs from the context's. */
  private sourceOf(stream: MediaStream): MediaStreamAudioSourceNode {
    try {
      return this.context.createMediaStreamSource(stream);
    } catch (error) {
      stop(stream);
      throw error;
    }
  }

  private release(): void {
    this.source?.disconnect();
    if (this.stream) stop(this.stream);
    this.source = undefined;
    this.stream = undefined;
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
