import { NOTHING_HEARD, type Recognition, type RecognitionStream } from './ports.ts';

const SAMPLE_RATE_HZ = 16_000;

/** How an utterance ended, for the pool that lent it a process. */
export type UtteranceOutcome = 'finished' | 'cancelled' | 'failed' | 'timed-out';

/** Sends to the process that an utterance has leased. */
export interface UtteranceLine {
  audio(pcm: Int16Array): void;
  end(): void;
}

export interface PooledUtteranceOptions {
  endTimeoutMs: number;
  /** How much audio is kept while no process is free. */
  maxQueuedMs: number;
  /** Called once, at the end of the utterance's life. */
  onSettled(outcome: UtteranceOutcome): void;
}

/**
 * One utterance of a recogniser pool: keeps its audio until it is `attached` to a process, then passes it on. `end`
 * resolves with an empty recognition when the utterance is cancelled meanwhile.
 */
export class PooledUtterance implements RecognitionStream {
  private readonly options: PooledUtteranceOptions;
  private readonly result: Promise<Recognition>;
  private resolveResult: (recognition: Recognition) => void = () => undefined;
  private rejectResult: (error: Error) => void = () => undefined;
  private kept: Int16Array[] = [];
  private keptSamples = 0;
  private line: UtteranceLine | undefined;
  private text = '';
  private ending = false;
  private settled = false;
  private endTimer: NodeJS.Timeout | undefined;

  constructor(options: PooledUtteranceOptions) {
    this.options = options;
    this.result = new Promise((resolve, reject) => {
      this.resolveResult = resolve;
      this.rejectResult = reject;
    });
    // It may fail before the result is asked for.
    this.result.catch(() => undefined);
  }

  get partial(): string {
    return this.text;
  }

  push(pcm: Int16Array): void {
    if (this.settled || this.ending || pcm.length === 0) return;
    const copy = pcm.slice();
    if (this.line !== undefined) {
      this.line.audio(copy);
      return;
    }
    this.kept.push(copy);
    this.keptSamples += copy.length;
    const { maxQueuedMs } = this.options;
    if ((this.keptSamples * 1000) / SAMPLE_RATE_HZ > maxQueuedMs) {
      this.fail(`no recogniser was free during ${maxQueuedMs / 1000} s of audio`);
    }
  }

  end(): Promise<Recognition> {
    if (this.ending || this.settled) return this.result;
    this.ending = true;
    const { endTimeoutMs } = this.options;
    this.endTimer = setTimeout(() => {
      this.settle('timed-out', () => this.rejectResult(new Error(`the recogniser did not answer in ${endTimeoutMs / 1000} s`)));
    }, endTimeoutMs);
    this.line?.end();
    return this.result;
  }

  cancel(): void {
    this.settle('cancelled', () => this.resolveResult(NOTHING_HEARD));
  }

  /** For the pool: a process has been leased, and takes what was kept. */
  attach(line: UtteranceLine): void {
    this.line = line;
    for (const pcm of this.kept) line.audio(pcm);
    this.kept = [];
    if (this.ending) line.end();
  }

  /** For the pool: the process has a new partial text. */
  hear(text: string): void {
    if (!this.settled) this.text = text;
  }

  /** For the pool: the process has answered. */
  finish(recognition: Recognition): void {
    this.text = recognition.text;
    this.settle('finished', () => this.resolveResult(recognition));
  }

  /** For the pool: there will be no answer. */
  fail(reason: string): void {
    this.settle('failed', () => this.rejectResult(new Error(reason)));
  }

  private settle(outcome: UtteranceOutcome, answer: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.endTimer);
    this.kept = [];
    this.line = undefined;
    answer();
    this.options.onSettled(outcome);
  }
}
