import { type PlaybackCommand, type PlaybackEvent, type PlaybackOptions } from './messages';
import { PlaybackQueue } from './playback-queue';

interface NodeOptions {
  readonly processorOptions: PlaybackOptions;
}

/** `parley-playback`: the assistant's voice. No input, one output; a node with several channels plays the same on all. */
export class PlaybackProcessor extends AudioWorkletProcessor implements AudioWorkletProcessorImpl {
  private readonly queue: PlaybackQueue;
  private stopping = false;
  private running = true;

  constructor({ processorOptions }: NodeOptions) {
    super();
    this.queue = new PlaybackQueue({
      ...processorOptions,
      contextRateHz: Math.round(sampleRate),
      onEvent: (event: PlaybackEvent) => this.port.postMessage(event),
    });
    this.port.onmessage = (message: MessageEvent<PlaybackCommand>) => this.receive(message.data);
  }

  /** Runs for every render quantum on the audio thread; allocates nothing but the events. */
  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    if (this.stopping && this.queue.isSilent) this.end();
    if (!this.running) return false;
    const channels = outputs[0];
    this.queue.render(channels[0]);
    for (let channel = 1; channel < channels.length; channel++) channels[channel].set(channels[0]);
    return true;
  }

  private receive(command: PlaybackCommand): void {
    if (this.stopping) return;
    if (command.type !== 'stop') return this.queue.receive(command);
    this.stopping = true;
    this.queue.receive({ type: 'reset' });
  }

  private end(): void {
    if (!this.running) return;
    this.running = false;
    const event: PlaybackEvent = { type: 'stopped' };
    this.port.postMessage(event);
    this.port.close();
  }
}
