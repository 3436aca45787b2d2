import { availableParallelism } from 'node:os';
import { buildArpa } from './arpa.ts';
import type { FromRecogniser, LoadRecogniser, ToRecogniser } from './child-messages.ts';
import { expandPhrases, type PhraseGrammar } from './phrase-grammar.ts';
import { PooledUtterance, type UtteranceOutcome } from './pooled-utterance.ts';
import type { Recogniser, RecognitionStream } from './ports.ts';
import { Readiness } from './readiness.ts';
import { SupervisedProcess } from './supervised-process.ts';

/** Where Debian's pocketsphinx-en-us puts the acoustic model, the dictionary and the stock language model. */
export const STOCK_MODEL_DIRECTORY = '/usr/share/pocketsphinx/model/en-us';

export interface RecogniserPoolOptions {
  /** Program of the processes: `speechChildPaths(directory).recogniser`. */
  childPath: string;
  /** The sentences to expect; free speech is still heard. None: the stock language model alone. */
  domain?: PhraseGrammar;
  /** Share of the expected sentences in the language model, 0..1. */
  domainWeight?: number;
  /** Number of processes (about 185 MB each); the cores, at most 4, unless given. */
  size?: number;
  /** How long `end` may take, queueing included; a process that takes longer is replaced. */
  endTimeoutMs?: number;
  /** How much audio an utterance keeps while no process is free; beyond, it fails. */
  maxQueuedMs?: number;
  modelDirectory?: string;
}

interface Worker {
  process: SupervisedProcess<ToRecogniser, FromRecogniser>;
  state: 'loading' | 'free' | 'leased' | 'gone';
  lease: Lease | undefined;
  /** The session it served last: its cepstral mean is adapted to that voice and microphone. */
  last: Lease | undefined;
}

interface Lease {
  id: number;
  session: string;
  utterance: PooledUtterance;
}

/**
 * Recognisers (pocketsphinx) in child processes, started at once and replaced when they end. Whoever makes it closes it.
 * An utterance leases one process from `open` to `end` or `cancel`, so it should be opened when speech starts, not before.
 */
export class RecogniserPool implements Recogniser {
  private readonly options: RecogniserPoolOptions;
  private readonly workers: Worker[] = [];
  private readonly queue: Lease[] = [];
  private readonly readiness = new Readiness();
  private nextId = 1;
  /** Set when nothing can be recognised any more, in plain words. */
  private unavailable: string | undefined;

  constructor(options: RecogniserPoolOptions) {
    this.options = options;
    const {
      childPath,
      domain,
      domainWeight = 0.5,
      size = Math.min(availableParallelism(), 4),
      modelDirectory = STOCK_MODEL_DIRECTORY,
    } = options;
    const domainModel = domain === undefined ? undefined : buildArpa(expandPhrases(domain));
    const loadMessage: LoadRecogniser = { type: 'load', modelDirectory, domainModel, domainWeight };
    for (let i = 0; i < Math.max(1, size); i++) this.workers.push(this.startWorker(childPath, loadMessage));
  }

  get ready(): Promise<void> {
    return this.readiness.promise;
  }

  /** The processes now running, for diagnosis. */
  get pids(): number[] {
    return this.workers.flatMap(({ process }) => process.pid ?? []);
  }

  open(session: string): RecognitionStream {
    const { endTimeoutMs = 10_000, maxQueuedMs = 60_000 } = this.options;
    const utterance = new PooledUtterance({ endTimeoutMs, maxQueuedMs, onSettled: (outcome) => this.settled(lease, outcome) });
    const lease: Lease = { id: this.nextId++, session, utterance };
    if (this.unavailable !== undefined) {
      utterance.fail(this.unavailable);
      return utterance;
    }
    const worker = this.freeWorker(session);
    if (worker === undefined) this.queue.push(lease);
    else this.lend(worker, lease);
    return utterance;
  }

  /** Fails what is open and ends the processes. Idempotent. */
  async close(): Promise<void> {
    this.shutDown('the recogniser is closed');
    await Promise.all(this.workers.map(({ process }) => process.close()));
  }

  private startWorker(childPath: string, loadMessage: LoadRecogniser): Worker {
    const worker: Worker = {
      state: 'loading',
      lease: undefined,
      last: undefined,
      process: new SupervisedProcess<ToRecogniser, FromRecogniser>({
        childPath,
        loadMessage,
        onReady: () => {
          this.readiness.reached();
          this.release(worker);
        },
        onMessage: (message) => receive(worker, message),
        onLost: (reason) => {
          const lease = worker.lease;
          this.forget(worker, 'loading');
          lease?.utterance.fail(`the recogniser stopped (${reason}) and has been replaced`);
        },
        onGivenUp: (reason, remedy) => {
          this.forget(worker, 'gone');
          if (this.workers.every(({ state }) => state === 'gone')) this.shutDown(`speech cannot be recognised: ${reason} (try: ${remedy})`);
        },
      }),
    };
    return worker;
  }

  /** The process the session had before, else the one unused for longest, so that the others keep theirs. */
  private freeWorker(session: string): Worker | undefined {
    const free = this.workers.filter(({ state }) => state === 'free').sort((a, b) => (a.last?.id ?? 0) - (b.last?.id ?? 0));
    return free.find(({ last }) => last?.session === session) ?? free.at(0);
  }

  private lend(worker: Worker, lease: Lease): void {
    const { process } = worker;
    const { id: utterance } = lease;
    worker.state = 'leased';
    worker.lease = lease;
    worker.last = lease;
    process.send({ type: 'begin', utterance });
    lease.utterance.attach({
      audio: (pcm) => process.send({ type: 'audio', utterance, pcm }),
      end: () => process.send({ type: 'end', utterance }),
    });
  }

  private settled(lease: Lease, outcome: UtteranceOutcome): void {
    const queuedAt = this.queue.indexOf(lease);
    if (queuedAt >= 0) this.queue.splice(queuedAt, 1);
    const worker = this.workers.find((candidate) => candidate.lease === lease);
    if (worker === undefined) return;
    if (outcome === 'timed-out') {
      this.forget(worker, 'loading');
      worker.process.replace();
      return;
    }
    if (outcome === 'cancelled') worker.process.send({ type: 'cancel', utterance: lease.id });
    this.release(worker);
  }

  /** Gives a process that has nothing to do to the utterance that has waited longest. */
  private release(worker: Worker): void {
    worker.state = 'free';
    worker.lease = undefined;
    const next = this.queue.shift();
    if (next !== undefined) this.lend(worker, next);
  }

  private forget(worker: Worker, state: 'loading' | 'gone'): void {
    worker.state = state;
    worker.lease = undefined;
    worker.last = undefined;
  }

  private shutDown(reason: string): void {
    this.unavailable ??= reason;
    this.readiness.never(reason);
    for (const worker of this.workers) {
      const lease = worker.lease;
      this.forget(worker, 'gone');
      lease?.utterance.fail(reason);
    }
    for (const { utterance } of [...this.queue]) utterance.fail(reason);
  }
}

/** Results and partial texts of an utterance that has been cancelled since are dropped here. */
function receive({ lease }: Worker, message: FromRecogniser): void {
  if (lease === undefined || message.utterance !== lease.id) return;
  if (message.type === 'partial') lease.utterance.hear(message.text);
  else lease.utterance.finish(message.recognition);
}
