/** One block of what the page plays of a room. */
export interface RoomBlock {
  /** On the clock of the tap. */
  readonly atMs: number;
  /** Root mean square of its samples, of all voices together. */
  readonly level: number;
}

/** What the page plays, and whom it has given away. */
export interface RoomHearing {
  readonly blocks: RoomBlock[];
  /** Every stream of a microphone, camera or screen that the page was given. */
  readonly streams: MediaStream[];
}

declare global {
  interface Window {
    roomHearing: RoomHearing;
  }
}

// Globals of the audio thread, for the function that runs there.
declare const currentFrame: number;
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: unknown): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/**
 * Runs in the page before any of its own code. Playwright sends its source text, so it must not use anything from outside. It records how loud
 * the audio elements of the page are, which play the voices of a room.
 */
export function hearRoom(): void {
  const hearing: RoomHearing = { blocks: [], streams: [] };
  window.roomHearing = hearing;

  /** Runs on the audio thread: a level for every 20 ms of the sum of all voices. */
  const audioThread = (): void => {
    class Levels extends AudioWorkletProcessor {
      private readonly blockSamples = Math.round(sampleRate * 0.02);
      private energy = 0;
      private samples = 0;

      process([input]: Float32Array[][]): boolean {
        for (let i = 0; i < 128; i++) {
          this.energy += (input[0]?.[i] ?? 0) ** 2;
          this.samples += 1;
          if (this.samples < this.blockSamples) continue;
          this.port.postMessage({ atMs: (currentFrame * 1000) / sampleRate, level: Math.sqrt(this.energy / this.samples) });
          this.energy = 0;
          this.samples = 0;
        }
        return true;
      }
    }
    registerProcessor('e2e-room-levels', Levels);
  };

  let tap: Promise<{ context: AudioContext; node: AudioWorkletNode }> | undefined;
  const openTap = async (): Promise<{ context: AudioContext; node: AudioWorkletNode }> => {
    const context = new AudioContext();
    const module = URL.createObjectURL(new Blob([`(${audioThread.toString()})()`], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(module);
    const node = new AudioWorkletNode(context, 'e2e-room-levels', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.port.onmessage = ({ data }: MessageEvent<RoomBlock>) => hearing.blocks.push(data);
    return { context, node };
  };

  /** The element's own volume and whether it plays are part of what is heard. */
  const listen = async (element: HTMLAudioElement, stream: MediaStream): Promise<void> => {
    const { context, node } = await (tap ??= openTap());
    const source = context.createMediaStreamSource(stream);
    const gain = new GainNode(context, { gain: 0 });
    source.connect(gain).connect(node);
    const follow = setInterval(() => {
      const plays = element.srcObject === stream && !element.paused && !element.muted;
      gain.gain.value = plays ? element.volume : 0;
      if (element.srcObject === stream) return;
      clearInterval(follow);
      source.disconnect();
    }, 20);
  };

  const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...property,
    set(this: HTMLMediaElement, stream: MediaStream | null) {
      property?.set?.call(this, stream);
      if (this instanceof HTMLAudioElement && stream && stream.getAudioTracks().length > 0) void listen(this, stream);
    },
  });

  const { mediaDevices } = navigator;
  for (const request of ['getUserMedia', 'getDisplayMedia'] as const) {
    const ask = mediaDevices[request].bind(mediaDevices);
    mediaDevices[request] = async (constraints) => {
      const stream = await ask(constraints);
      hearing.streams.push(stream);
      return stream;
    };
  }
}
