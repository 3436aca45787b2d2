import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EventLoopDelay, type Settings, SETTINGS } from '@parley/server';
import { LoadDecision, type LoadSample } from './load-decision';

const SAMPLE_EVERY_MS = 1_000;
const US_PER_MS = 1_000;
/** So many samples are waited for before a start is refused: a load that was only short delays it. */
const SAMPLES_TO_WAIT = 4;

/** A start that waits for a lower load. */
interface Waiting {
  samplesLeft: number;
  decide: (isAdmitted: boolean) => void;
}

/** Measures the load of this process from when the server has started, and decides whether anything new may begin. */
@Injectable()
export class LoadMonitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LoadMonitor.name);
  private readonly decision: LoadDecision;
  private readonly memoryLimit = memoryLimit();
  private delay: EventLoopDelay | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waiting: Waiting[] = [];
  private resident = 0;
  private usage = process.cpuUsage();
  private sampledAtMs = performance.now();

  constructor(@Inject(SETTINGS) { limits }: Pick<Settings, 'limits'>) {
    this.decision = new LoadDecision(limits.load);
  }

  /** Whether something may begin. If it may, it counts as begun. Under too high a load it takes four seconds to resolve to false. */
  admit(): Promise<boolean> {
    if (this.decision.admit()) return Promise.resolve(true);
    return new Promise((decide) => this.waiting.push({ samplesLeft: SAMPLES_TO_WAIT, decide }));
  }

  onApplicationBootstrap(): void {
    this.delay = new EventLoopDelay();
    this.usage = process.cpuUsage();
    this.sampledAtMs = performance.now();
    this.timer = setInterval(() => this.sample(), SAMPLE_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.delay?.close();
    for (const { decide } of this.waiting.splice(0)) decide(false);
  }

  private sample(): void {
    const sample: LoadSample = { eventLoopDelayMs: this.delay?.currentMs ?? 0, cpu: this.cpuShare(), memory: this.memoryShare() };
    const wasBusy = this.decision.isBusy;
    this.decision.take(sample);
    if (this.decision.isBusy !== wasBusy) this.report(sample);
    this.waiting = this.waiting.filter((waiting) => !this.isDecided(waiting));
  }

  private isDecided(waiting: Waiting): boolean {
    const isAdmitted = this.decision.admit();
    waiting.samplesLeft -= 1;
    if (!isAdmitted && waiting.samplesLeft > 0) return false;
    waiting.decide(isAdmitted);
    return true;
  }

  private report({ eventLoopDelayMs, cpu, memory }: LoadSample): void {
    const figures = { eventLoopDelayMs: Math.round(eventLoopDelayMs), cpuPercent: percent(cpu), memoryPercent: percent(memory) };
    if (this.decision.isBusy) this.logger.warn({ message: 'the load is too high: no new conversations for now', ...figures });
    else this.logger.log({ message: 'the load is low enough again for new conversations', ...figures });
  }

  private cpuShare(): number {
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage(this.usage);
    const elapsedMs = nowMs - this.sampledAtMs;
    this.usage = process.cpuUsage();
    this.sampledAtMs = nowMs;
    return elapsedMs > 0 ? (user + system) / US_PER_MS / elapsedMs : 0;
  }

  /** Of the machine or the container, or of the JavaScript heap, whichever is nearer to its end. */
  private memoryShare(): number {
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    return Math.max(this.residentBytes() / this.memoryLimit, used_heap_size / heap_size_limit);
  }

  private residentBytes(): number {
    try {
      this.resident = process.memoryUsage.rss();
    } catch {
      // It is read from a file, which fails when no file descriptors are left. The last figure is as good.
    }
    return this.resident;
  }
}

/** The memory that a container grants, or else all of the machine's, in bytes. */
function memoryLimit(): number {
  const granted = process.constrainedMemory();
  return granted > 0 ? Math.min(granted, totalmem()) : totalmem();
}

const percent = (share: number): number => Math.round(share * 100);
