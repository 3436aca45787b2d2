import { FakeMessagePort } from './fake-message-port';

/** A node that knows what it is connected to. */
export class FakeAudioNode {
  readonly connectedTo: FakeAudioNode[] = [];

  constructor(readonly context: FakeAudioContext) {}

  connect(target: FakeAudioNode): FakeAudioNode {
    this.connectedTo.push(target);
    return target;
  }

  disconnect(): void {
    this.connectedTo.length = 0;
  }
}

/** Plays back whatever `level` says, as a constant signal. */
export class FakeAnalyserNode extends FakeAudioNode {
  readonly fftSize = 32;
  level = 0;

  getFloatTimeDomainData(samples: Float32Array): void {
    samples.fill(this.level);
  }
}

/** A worklet node; the test acts as its processor. */
export class FakeAudioWorkletNode extends FakeAudioNode {
  /** If true, the audio thread does not answer. */
  static hangs = false;
  /** If true, the node cannot be created. */
  static fails = false;

  readonly port = new FakeMessagePort((message) => (isStop(message) && !FakeAudioWorkletNode.hangs ? { type: 'stopped' } : undefined));
  onprocessorerror: (() => void) | null = null;

  constructor(
    context: FakeAudioContext,
    readonly processor: string,
    readonly options: AudioWorkletNodeOptions,
  ) {
    super(context);
    if (FakeAudioWorkletNode.fails) throw new DOMException('', 'InvalidStateError');
    context.worklets.push(this);
  }
}

const isStop = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop';

/** An audio device that makes no sound. `loading` lets a spec hold back or break the loading of worklets. */
export class FakeAudioContext {
  static readonly made: FakeAudioContext[] = [];
  /** `addModule` waits for this promise. */
  static loading: Promise<void> = Promise.resolve();
  /** Browsers on insecure pages have no worklets. */
  static hasWorklets = true;
  /** If false, the browser does not start the sound, and gives no error. */
  static mayRun = true;
  /** Modules that do not load. */
  static refusedModules: RegExp | undefined;
  /** If true, the context accepts no microphone. */
  static refusesStreams = false;

  readonly destination = new FakeAudioNode(this);
  readonly analysers: FakeAnalyserNode[] = [];
  readonly worklets: FakeAudioWorkletNode[] = [];
  readonly modules: string[] = [];
  readonly baseLatency = 0;
  readonly outputLatency = 0;
  state: AudioContextState = 'suspended';
  onstatechange: (() => void) | null = null;
  resumes = 0;
  readonly audioWorklet = FakeAudioContext.hasWorklets
    ? {
        addModule: (url: string): Promise<void> => {
          this.modules.push(url);
          return FakeAudioContext.refusedModules?.test(url) ? Promise.reject(new Error(url)) : FakeAudioContext.loading;
        },
      }
    : undefined;

  constructor(readonly options: AudioContextOptions) {
    FakeAudioContext.made.push(this);
  }

  createAnalyser(): FakeAnalyserNode {
    const analyser = new FakeAnalyserNode(this);
    this.analysers.push(analyser);
    return analyser;
  }

  createMediaStreamSource(): FakeAudioNode {
    if (FakeAudioContext.refusesStreams) throw new DOMException('', 'NotSupportedError');
    return new FakeAudioNode(this);
  }

  async resume(): Promise<void> {
    this.resumes += 1;
    if (FakeAudioContext.mayRun) this.moveTo('running');
    else await new Promise(() => undefined);
  }

  async close(): Promise<void> {
    this.moveTo('closed');
  }

  moveTo(state: AudioContextState): void {
    this.state = state;
    this.onstatechange?.();
  }

  /** The newest worklet node of this processor. */
  worklet(processor: string): FakeAudioWorkletNode | undefined {
    return this.worklets.findLast((node) => node.processor === processor);
  }
}
