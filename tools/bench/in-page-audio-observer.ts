/// <reference lib="dom" />

/** 10 ms of the page's captured and played audio, on its AudioContext's clock. */
export interface AudioBlock {
  /** When it began. */
  atMs: number;
  /** RMS of the microphone's samples (-1..1), before the page processed them. */
  captured: number;
  /** When the first audible sample of the block went to the speaker. */
  playedAtMs?: number;
}

declare global {
  interface Window {
    audioBlocks: AudioBlock[];
  }
}

// Globals of the audio thread, for the function that runs there.
declare const currentFrame: number;
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: unknown): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/**
 * Runs in the page before any of its own code (its text is sent: it may use nothing from outside itself), and joins the page's audio
 * graph.
 */
export function installAudioObserver(): void {
  window.audioBlocks = [];

  /** Runs on the audio thread. Input 0 is the speaker, input 1 the microphone. */
  const audioThread = (): void => {
    class AudioObserver extends AudioWorkletProcessor {
      private readonly blockSamples = Math.round(sampleRate * 0.01);
      private energy = 0;
      private samples = 0;
      private playedAtFrame = -1;

      process([[played], [captured]]: Float32Array[][]): boolean {
        for (let i = 0; i < 128; i++) {
          this.energy += (captured?.[i] ?? 0) ** 2;
          if (this.playedAtFrame < 0 && Math.abs(played?.[i] ?? 0) > 0.001) this.playedAtFrame = currentFrame + i;
          if (++this.samples === this.blockSamples) this.tell(currentFrame + i + 1 - this.blockSamples);
        }
        return true;
      }

      private tell(firstFrame: number): void {
        const toMs = (frame: number): number => (frame * 1000) / sampleRate;
        const heard = this.playedAtFrame < 0 ? {} : { playedAtMs: toMs(this.playedAtFrame) };
        this.port.postMessage({ atMs: toMs(firstFrame), captured: Math.sqrt(this.energy / this.blockSamples), ...heard });
        this.energy = 0;
        this.samples = 0;
        this.playedAtFrame = -1;
      }
    }
    registerProcessor('bench-audio-observer', AudioObserver);
  };

  const NativeAudioContext = window.AudioContext;
  const connect = AudioNode.prototype.connect as (
    this: AudioNode,
    target: AudioNode | AudioParam,
    output?: number,
    input?: number,
  ) => AudioNode;
  const taps = new WeakMap<BaseAudioContext, { speaker: GainNode; microphone: GainNode }>();

  window.AudioContext = class extends NativeAudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      const tap = (): GainNode => new GainNode(this, { channelCount: 1, channelCountMode: 'explicit' });
      const own = { speaker: tap(), microphone: tap() };
      taps.set(this, own);
      const text = `globalThis.__name = (target) => target; (${audioThread.toString()})()`;
      const module = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
      void this.audioWorklet.addModule(module).then(() => {
        const node = new AudioWorkletNode(this, 'bench-audio-observer', { numberOfInputs: 2, numberOfOutputs: 0 });
        connect.call(own.speaker, node, 0, 0);
        connect.call(own.microphone, node, 0, 1);
        node.port.onmessage = ({ data }: MessageEvent<AudioBlock>) => window.audioBlocks.push(data);
      });
    }

    override createMediaStreamSource(stream: MediaStream): MediaStreamAudioSourceNode {
      const source = super.createMediaStreamSource(stream);
      const own = taps.get(this);
      if (own) connect.call(source, own.microphone);
      return source;
    }
  };

  AudioNode.prototype.connect = function (this: AudioNode, target: AudioNode | AudioParam, ...rest: number[]): AudioNode {
    const own = target instanceof AudioDestinationNode ? taps.get(target.context) : undefined;
    if (own) connect.call(this, own.speaker);
    return connect.call(this, target, ...rest);
  } as typeof AudioNode.prototype.connect;
}
