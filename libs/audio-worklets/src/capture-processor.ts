import { CapturePipeline } from './capture-pipeline';
import { type CaptureCommand, type CaptureEvent } from './messages';

/**
 * `parley-capture`: the microphone, as 20 ms frames. One input, no output; give the node `channelCount: 1` and
 * `channelCountMode: 'explicit'`, so that the browser mixes down.
 */
export class CaptureProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorImpl {
  private readonly pipeline = new CapturePipeline({
    contextRateHz: Math.round(sampleRate),
    onFrame: (pcm, levelDbfs) => {
      const event: CaptureEvent = { type: 'frame', pcm: pcm.buffer, levelDbfs };
      this.port.postMessage(event, [pcm.buffer]);
    },
  });
  private running = true;

  constructor() {
    super();
    this.port.onmessage = (message: MessageEvent<CaptureCommand>) => this.receive(message.data);
  }

  /** Runs for every render quantum on the audio thread; allocates nothing but the frames. */
  process(inputs: Float32Array[][]): boolean {
    if (this.running) this.pipeline.push(inputs[0]?.[0]);
    return this.running;
  }

  private receive(command: CaptureCommand): void {
    switch (command.type) {
      case 'mute':
        return this.pipeline.setMuted(command.muted);
      case 'stop':
        this.running = false;
        this.port.close();
    }
  }
}
