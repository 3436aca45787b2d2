import type { FromSynthesiser, ToSynthesiser } from './child-messages.ts';
import type { SynthesisedSpeech, Synthesiser } from './ports.ts';
import { Readiness } from './readiness.ts';
import { speakableText } from './speakable-text.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { engineVoice } from './voices.ts';

const SAMPLE_RATE_HZ = 16_000;

export interface SynthesiserPoolOptions {
  /** Program of the processes: `speechChildPaths(directory).synthesiser`. */
  childPath: string;
  /** Number of processes (about 110 MB each); 1 unless given. */
  size?: number;
  /** How long one text may take in a process before that is replaced. */
  speakTimeoutMs?: number;
}

interface Worker {
  process: SupervisedProcess<ToSynthesiser, FromSynthesiser>;
  state: 'loading' | 'free' | 'busy' | 'gone';
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

interface Job {
  id: number;
  text: string;
  voice: string;
  /** Settles the promise and takes the abort listener off; only the first call counts. */
  settle(outcome: SynthesisedSpeech | Error): void;
}

/**
 * Synthesisers (flite) in child processes, started at once and replaced when they end; texts that find none free wait in
 * order. Whoever makes it closes it. A voice is an id of `listVoices`; any other id speaks with the default voice.
 */
export class SynthesiserPool implements Synthesiser {
  private readonly options: SynthesiserPoolOptions;
  private readonly workers: Worker[] = [];
  private readonly readiness = new Readiness();
  private queue: Job[] = [];
  private nextId = 1;
  /** Set when nothing can be spoken any more, in plain words. */
  private unavailable: string | undefined;

  constructor(options: SynthesiserPoolOptions) {
    this.options = options;
    for (let i = 0; i < Math.max(1, options.size ?? 1); i++) this.workers.push(this.startWorker());
  }

  get ready(): Promise<void> {
    return this.readiness.promise;
  }

  /** The processes now running, for diagnosis. */
  get pids(): number[] {
    return this.workers.flatMap(({ process }) => process.pid ?? []);
  }

  async speak(text: string, voice: string, signal: AbortSignal): Promise<SynthesisedSpeech> {
    signal.throwIfAborted();
    if (this.unavailable !== undefined) throw new Error(this.unavailable);
    const speakable = speakableText(text);
    if (speakable === '') return { sampleRateHz: SAMPLE_RATE_HZ, pcm: new Int16Array(0), words: [] };
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        signal.removeEventListener('abort', onAbort);
        this.queue = this.queue.filter((queued) => queued !== job);
        reject(signal.reason);
      };
      const job: Job = {
        id: this.nextId++,
        text: speakable,
        voice: engineVoice(voice),
        settle: (outcome) => {
          signal.removeEventListener('abort', onAbort);
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      };
      signal.addEventListener('abort', onAbort);
      this.queue.push(job);
      this.dispatch();
    });
  }

  /** Rejects what is waiting and ends the processes. Idempotent. */
  async close(): Promise<void> {
    this.shutDown('the synthesiser is closed');
    await Promise.all(this.workers.map(({ process }) => process.close()));
  }

  private startWorker(): Worker {
    const worker: Worker = {
      state: 'loading',
      job: undefined,
      timer: undefined,
      process: new SupervisedProcess<ToSynthesiser, FromSynthesiser>({
        childPath: this.options.childPath,
        loadMessage: { type: 'load' },
        onReady: () => {
          worker.state = 'free';
          this.readiness.reached();
          this.dispatch();
        },
        onMessage: (message) => {
          if (message.job !== worker.job?.id) return;
          finishJob(worker, 'free', message.type === 'spoken' ? message.speech : new Error(`the text cannot be spoken: ${message.reason}`));
          this.dispatch();
        },
        onLost: (reason) => finishJob(worker, 'loading', new Error(`the synthesiser stopped (${reason}) and has been replaced`)),
        onGivenUp: (reason, remedy) => {
          finishJob(worker, 'gone', new Error(reason));
          if (this.workers.every(({ state }) => state === 'gone')) this.shutDown(`speech cannot be made: ${reason} (try: ${remedy})`);
        },
      }),
    };
    return worker;
  }

  private dispatch(): void {
    for (const worker of this.workers) {
      if (worker.state !== 'free') continue;
      const job = this.queue.shift();
      if (job === undefined) return;
      worker.state = 'busy';
      worker.job = job;
      const { speakTimeoutMs = 30_000 } = this.options;
      worker.timer = setTimeout(() => {
        finishJob(worker, 'loading', new Error(`the synthesiser did not answer in ${speakTimeoutMs / 1000} s`));
        worker.process.replace();
      }, speakTimeoutMs);
      worker.process.send({ type: 'speak', job: job.id, text: job.text, voice: job.voice });
    }
  }

  private shutDown(reason: string): void {
    this.unavailable ??= reason;
    this.readiness.never(reason);
    for (const worker of this.workers) finishJob(worker, 'gone', new Error(reason));
    for (const job of this.queue.splice(0)) job.settle(new Error(reason));
  }
}

function finishJob(worker: Worker, state: Worker['state'], outcome: SynthesisedSpeech | Error): void {
  const { job } = worker;
  clearTimeout(worker.timer);
  worker.state = state;
  worker.job = undefined;
  job?.settle(outcome);
}
