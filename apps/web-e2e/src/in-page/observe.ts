import type { Block, Observation, PageEvent } from './observation';

// Globals of the audio thread, for the function that runs there.
declare const currentFrame: number;
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: unknown): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/**
 * Runs in the page before any of its own code. Playwright sends its source text, so it must not use anything from outside. It records what
 * the page really plays and captures by joining its audio graph, and also what the visitor sees; the page is not aware of it.
 * `keepsSamples`: keeps every sample and not only levels, about 400 kB a second.
 */
export function observe(keepsSamples: boolean): void {
  const blocks: Block[] = [];
  const pageEvents: PageEvent[] = [];
  const streams: MediaStream[] = [];
  window.observation = { blocks, pageEvents: pageEvents, streams } satisfies Observation;

  /** Runs on the audio thread. Input 0 is the speaker, input 1 the microphone. */
  const audioThread = (): void => {
    class AudioObserver extends AudioWorkletProcessor {
      private readonly blockSamples = Math.round(sampleRate * 0.02);
      private readonly energy = [0, 0];
      private readonly keepsSamples: boolean;
      private kept = this.emptyBlock();
      private samples = 0;

      constructor({ processorOptions }: { processorOptions: { keepsSamples: boolean } }) {
        super();
        this.keepsSamples = processorOptions.keepsSamples;
      }

      process(inputs: Float32Array[][]): boolean {
        for (let i = 0; i < 128; i++) {
          for (const input of [0, 1]) {
            const sample = inputs[input][0]?.[i] ?? 0;
            this.energy[input] += sample ** 2;
            this.kept[input][this.samples] = sample;
          }
          this.samples += 1;
          if (this.samples === this.blockSamples) this.tell(currentFrame + i + 1 - this.blockSamples);
        }
        return true;
      }

      private tell(firstFrame: number): void {
        const [played, captured] = this.energy.map((energy) => Math.sqrt(energy / this.blockSamples));
        const samples = this.keepsSamples ? { played: this.kept[0], captured: this.kept[1] } : undefined;
        this.port.postMessage({ atMs: (firstFrame * 1000) / sampleRate, rateHz: sampleRate, played, captured, samples });
        if (this.keepsSamples) this.kept = this.emptyBlock();
        this.energy.fill(0);
        this.samples = 0;
      }

      private emptyBlock(): Float32Array[] {
        return [new Float32Array(this.blockSamples), new Float32Array(this.blockSamples)];
      }
    }
    registerProcessor('e2e-audio-observer', AudioObserver);
  };

  const NativeAudioContext = window.AudioContext;
  const connect = AudioNode.prototype.connect as (
    this: AudioNode,
    target: AudioNode | AudioParam,
    output?: number,
    input?: number,
  ) => AudioNode;
  const tapsByContext = new WeakMap<BaseAudioContext, { speaker: GainNode; microphone: GainNode }>();
  let newest: AudioContext | undefined;
  const nowMs = (): number => (newest?.currentTime ?? 0) * 1000;

  const observeAudioOf = (context: AudioContext): void => {
    newest = context;
    blocks.length = 0;
    const tap = (): GainNode => new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    const taps = { speaker: tap(), microphone: tap() };
    tapsByContext.set(context, taps);
    const module = URL.createObjectURL(new Blob([`(${audioThread.toString()})()`], { type: 'text/javascript' }));
    void context.audioWorklet.addModule(module).then(() => {
      if (context.state === 'closed') return;
      const node = new AudioWorkletNode(context, 'e2e-audio-observer', {
        numberOfInputs: 2,
        numberOfOutputs: 0,
        processorOptions: { keepsSamples },
      });
      connect.call(taps.speaker, node, 0, 0);
      connect.call(taps.microphone, node, 0, 1);
      node.port.onmessage = ({ data }: MessageEvent<Block>) => {
        if (newest === context) blocks.push(data);
      };
    });
  };

  window.AudioContext = class extends NativeAudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      observeAudioOf(this);
    }

    override createMediaStreamSource(stream: MediaStream): MediaStreamAudioSourceNode {
      const source = super.createMediaStreamSource(stream);
      const taps = tapsByContext.get(this);
      if (taps) connect.call(source, taps.microphone);
      return source;
    }
  };

  AudioNode.prototype.connect = function (this: AudioNode, target: AudioNode | AudioParam, ...rest: number[]): AudioNode {
    const taps = target instanceof AudioDestinationNode ? tapsByContext.get(target.context) : undefined;
    if (taps) connect.call(this, taps.speaker);
    return connect.call(this, target, ...rest);
  } as typeof AudioNode.prototype.connect;

  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    streams.push(stream);
    return stream;
  };

  const recordPageState = (): void => {
    const badge = document.querySelector('[data-testid="state"]');
    if (badge) {
      const seen = { state: badge.getAttribute('data-state') ?? '', words: badge.textContent.trim() };
      const last = pageEvents.findLast((sight) => sight.kind === 'state');
      const isNew = last?.state !== seen.state || last.words !== seen.words;
      if (isNew && seen.words !== '') pageEvents.push({ kind: 'state', atMs: nowMs(), ...seen });
    }
    for (const line of document.querySelectorAll('[data-role="assistant"]')) {
      const seen = { turn: Number(line.getAttribute('data-turn')), text: line.querySelector('.line-text')?.textContent ?? '' };
      const last = pageEvents.findLast((sight) => sight.kind === 'reply' && sight.turn === seen.turn);
      if (last?.kind !== 'reply' || last.text !== seen.text) pageEvents.push({ kind: 'reply', atMs: nowMs(), ...seen });
    }
  };
  new MutationObserver(recordPageState).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['data-state'],
  });
  document.addEventListener(
    'click',
    ({ target }) => {
      const testId = target instanceof Element ? target.closest('[data-testid]')?.getAttribute('data-testid') : undefined;
      if (testId) pageEvents.push({ kind: 'click', atMs: nowMs(), testId });
    },
    { capture: true },
  );
}
