import { Counter, Gauge, Registry } from 'prom-client';
import type { Ending } from '../lifecycle/end-signals';
import type { FromProcess, MetricsSnapshot } from './messages';
import { RestartDelay } from './restart-delay';
import { SummedMetrics } from './summed-metrics';
import { type ForkedProcess, SupervisedProcess } from './supervised-process';

export interface SupervisorOptions {
  /** How many processes there are to be. */
  count: number;
  fork: () => ForkedProcess;
  /** Called once, when all processes take connections. */
  onReady: (url: string) => void;
  log: (line: { message: string; pid?: number | undefined; code?: number | null; signal?: string | null; delayMs?: number }) => void;
  exit: (code: number) => void;
}

/** How long the others have for their metrics when one is asked for the sum. */
const COLLECT_MS = 2_000;

/**
 * Keeps several processes that serve one port. The first one is started alone, so that a mistake in the settings is reported once. One that
 * ends is replaced, and the others go on. Ends when all have ended after it was told to.
 */
export class Supervisor {
  private readonly processes = new Map<number, SupervisedProcess>();
  private readonly delay = new RestartDelay();
  private readonly sums = new SummedMetrics();
  private readonly own = new Registry();
  private readonly replaced: Counter;
  private readonly waiting = new Set<NodeJS.Timeout>();
  private readonly collections = new Map<number, { missing: Set<number>; done: () => void }>();
  private nextCollection = 1;
  private url: string | undefined;
  private isAnnounced = false;
  private isEnding = false;
  private exitCode = 0;

  constructor(private readonly options: SupervisorOptions) {
    const registers = [this.own];
    const ready = (): number => [...this.processes.values()].filter(({ isReady }) => isReady).length;
    new Gauge({
      name: 'parley_server_processes',
      help: 'Processes that serve the port.',
      registers,
      collect() {
        this.set(ready());
      },
    });
    this.replaced = new Counter({ name: 'parley_server_processes_ended_total', help: 'Processes that ended unasked.', registers });
  }

  start(): void {
    this.fork();
  }

  /** Ends all processes, and then this one. */
  end(ending: Ending): void {
    this.isEnding = true;
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
    for (const process of this.processes.values()) process.tell({ parley: 'end', ending });
    this.exitIfEmpty();
  }

  /** Kills all processes. */
  kill(): void {
    for (const process of this.processes.values()) process.kill();
  }

  private fork(): void {
    const process = new SupervisedProcess(this.options.fork(), {
      message: (message) => void this.take(process, message),
      exited: (code, signal) => this.exited(process, code, signal),
    });
    this.processes.set(process.id, process);
  }

  private async take(process: SupervisedProcess, message: FromProcess): Promise<void> {
    if (message.parley === 'ready') this.ready(message.url);
    if (message.parley === 'metrics') this.collected(process, message.id, message.metrics);
    if (message.parley === 'sum') process.tell({ parley: 'summed', id: message.id, text: await this.sum() });
  }

  private ready(url: string): void {
    const isFirst = this.url === undefined;
    this.url ??= url;
    if (this.isEnding) return;
    if (isFirst) for (let more = this.processes.size; more < this.options.count; more++) this.fork();
    const ready = [...this.processes.values()].filter(({ isReady }) => isReady).length;
    if (this.isAnnounced || ready < this.options.count) return;
    this.isAnnounced = true;
    this.options.onReady(this.url);
  }

  private exited(process: SupervisedProcess, code: number | null, signal: string | null): void {
    this.processes.delete(process.id);
    void this.sums.depart(process.id);
    for (const { missing, done } of this.collections.values()) if (missing.delete(process.id) && missing.size === 0) done();
    if (this.isEnding) {
      if (code !== 0) this.exitCode = 1;
      return this.exitIfEmpty();
    }
    // It has said why itself, and another one would not fare better.
    if (this.url === undefined) return this.options.exit(code ?? 1);
    this.replaced.inc();
    const delayMs = this.delay.after(performance.now() - process.startedAtMs);
    this.options.log({ message: 'a process has ended and is replaced', pid: process.pid, code, signal, delayMs });
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      this.fork();
    }, delayMs);
    this.waiting.add(timer);
  }

  private exitIfEmpty(): void {
    if (this.processes.size === 0) this.options.exit(this.exitCode);
  }

  /** Asks all processes for their metrics and adds them up. */
  private async sum(): Promise<string> {
    const id = this.nextCollection++;
    const asked = [...this.processes.values()].filter(({ isReady }) => isReady);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.collections.delete(id);
        resolve();
      };
      const timer = setTimeout(done, COLLECT_MS);
      this.collections.set(id, { missing: new Set(asked.map((process) => process.id)), done });
      for (const process of asked) process.tell({ parley: 'collect', id });
    });
    return this.sums.text(await this.own.getMetricsAsJSON());
  }

  private collected(process: SupervisedProcess, id: number, metrics: MetricsSnapshot): void {
    if (!this.processes.has(process.id)) return;
    this.sums.report(process.id, metrics);
    const collection = this.collections.get(id);
    if (collection?.missing.delete(process.id) && collection.missing.size === 0) collection.done();
  }
}
