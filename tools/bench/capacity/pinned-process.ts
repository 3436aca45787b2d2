import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { Inspector } from './inspector';

const START_TIMEOUT_MS = 60_000;
/** Linux counts a process' time in these. */
const TICKS_PER_SECOND = 100;

export interface PinnedProcessOptions {
  /** Node's. */
  readonly flags?: readonly string[];
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The only core that the process may use, including all its threads. */
  readonly core: number;
  /** Patterns of output lines to wait for, each once. */
  readonly ready: readonly RegExp[];
}

/** A Node process pinned to one core, whose CPU time and memory can be read. The caller must stop it. */
export class PinnedProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly inspector: Inspector,
    /** What the first group of each `ready` pattern matched. */
    readonly found: readonly string[],
  ) {}

  static async start({ flags = [], script, args = [], env = {}, core, ready }: PinnedProcessOptions): Promise<PinnedProcess> {
    const command = [process.execPath, '--inspect=127.0.0.1:0', '--enable-source-maps', ...flags, script, ...args];
    const pinned = PINNABLE ? ['taskset', '-c', String(core), ...command] : command;
    // A folder without a .env file, so that a developer's keys are not used in benches.
    const child = spawn(pinned[0] ?? '', pinned.slice(1), {
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      const [inspectorUrl = '', ...found] = await waitFor(child, [/Debugger listening on (ws:\S+)/, ...ready]);
      return new PinnedProcess(child, await Inspector.connect(inspectorUrl), found);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Processor time used so far by all its threads, in seconds. */
  cpuSeconds(): number {
    // The fields after the name, which may hold spaces: utime and stime are the 14th and 15th of all.
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** How long its main thread has been ready to run while others had the core, in seconds: what a shared machine takes away. */
  waitedSeconds(): number {
    return Number(readFileSync(`/proc/${this.child.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e9;
  }

  /** After a full collection, in bytes. */
  async memory(): Promise<{ heap: number; resident: number }> {
    await this.inspector.call('HeapProfiler.collectGarbage');
    const memory = await this.inspector.evaluate<NodeJS.MemoryUsage>('process.memoryUsage()');
    return { heap: memory.heapUsed + memory.external, resident: memory.rss };
  }

  /** Begins to watch the delays of its event loop, from zero. */
  async watchLoop(): Promise<void> {
    await this.inspector.evaluate(`(() => {
      const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
      globalThis.benchLoop ??= monitorEventLoopDelay({ resolution: ${LOOP_RESOLUTION_MS} });
      globalThis.benchLoop.enable();
      globalThis.benchLoop.reset();
    })()`);
  }

  /** 99 of 100 delays since `watchLoop` were shorter, in ms beyond the timer's own interval. */
  async loopP99Ms(): Promise<number> {
    const nanoseconds = await this.inspector.evaluate<number>('globalThis.benchLoop.percentile(99)');
    return Math.max(0, nanoseconds / 1e6 - LOOP_RESOLUTION_MS);
  }

  async stop(): Promise<void> {
    this.inspector.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(killer);
  }
}

const LOOP_RESOLUTION_MS = 5;

/** Only Linux has `taskset`; elsewhere the figures are those of an unpinned process. */
export const PINNABLE: boolean = process.platform === 'linux' && cpus().length > 1;

async function waitFor(child: ChildProcess, patterns: readonly RegExp[]): Promise<string[]> {
  const found = new Map<RegExp, string>();
  const written: string[] = [];
  const lines = [child.stdout, child.stderr].flatMap((stream) => (stream ? [createInterface({ input: stream })] : []));
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`the process ${why}:\n${written.join('\n')}`));
    const timer = setTimeout(() => fail('did not get ready'), START_TIMEOUT_MS);
    child.once('exit', () => fail('ended'));
    for (const reader of lines) {
      reader.on('line', (line) => {
        if (found.size === patterns.length) return;
        written.push(line);
        for (const pattern of patterns) {
          const match = pattern.exec(line)?.[1];
          if (match !== undefined && !found.has(pattern)) found.set(pattern, match);
        }
        if (found.size < patterns.length) return;
        clearTimeout(timer);
        resolve();
      });
    }
  });
  return patterns.map((pattern) => found.get(pattern) ?? '');
}
