import { EventEmitter } from 'node:events';
import { pass, settle, startVirtualTime } from '@parley/engine/testing';
import { Counter, Registry } from 'prom-client';
import type { FromProcess, ToProcess } from './messages';
import { Supervisor } from './supervisor';

const URL = 'http://127.0.0.1:4000';

/** A process that does only what the test says. */
class FakeProcess extends EventEmitter {
  readonly told: ToProcess[] = [];
  readonly process;
  hasExited = false;
  private readonly registry = new Registry();
  private readonly turns = new Counter({ name: 'turns_total', help: 'Turns.', registers: [this.registry] });

  constructor(readonly id: number) {
    super();
    this.process = { pid: 1_000 + id, kill: () => this.exit(null, 'SIGKILL') };
  }

  isConnected(): boolean {
    return !this.hasExited;
  }

  send(message: ToProcess): void {
    this.told.push(message);
  }

  says(message: FromProcess): void {
    this.emit('message', message);
  }

  exit(code: number | null, signal: string | null = null): void {
    if (this.hasExited) return;
    this.hasExited = true;
    this.emit('exit', code, signal);
  }

  count(turns: number): void {
    this.turns.inc(turns);
  }

  async answersCollection(): Promise<void> {
    const asked = this.told.findLast((message) => message.parley === 'collect');
    if (asked?.parley === 'collect') this.says({ parley: 'metrics', id: asked.id, metrics: await this.registry.getMetricsAsJSON() });
  }

  get endings(): string[] {
    return this.told.flatMap((message) => (message.parley === 'end' ? [message.ending] : []));
  }
}

describe('The supervisor', () => {
  let forked: FakeProcess[];
  let ready: string[];
  let exits: number[];
  let lines: object[];
  let supervisor: Supervisor;
  const processes = (): FakeProcess[] => forked;
  const allReady = (): void => {
    for (const process of processes()) process.says({ parley: 'ready', url: URL });
    for (const process of processes()) process.says({ parley: 'ready', url: URL });
  };

  beforeEach(() => {
    startVirtualTime();
    [forked, ready, exits, lines] = [[], [], [], []];
    supervisor = new Supervisor({
      count: 3,
      fork: () => {
        const process = new FakeProcess(forked.length + 1);
        forked.push(process);
        return process;
      },
      onReady: (url) => ready.push(url),
      log: (line) => lines.push(line),
      exit: (code) => exits.push(code),
    });
    supervisor.start();
  });
  afterEach(() => jest.useRealTimers());

  it('starts one process, and the others when that one is ready', () => {
    expect(forked).toHaveLength(1);
    processes()[0].says({ parley: 'ready', url: URL });
    expect(forked).toHaveLength(3);
    expect(ready).toEqual([]);
    allReady();
    expect(ready).toEqual([URL]);
  });

  it('exits with the code of a first process that does not start', () => {
    processes()[0].exit(1);
    expect([exits, forked.length]).toEqual([[1], 1]);
  });

  it('replaces a process that dies, later each time, and leaves the others alone', async () => {
    allReady();
    processes()[1].exit(null, 'SIGKILL');
    await pass(1);
    expect(forked).toHaveLength(4);
    expect(lines).toEqual([{ message: expect.any(String), pid: 1_002, code: null, signal: 'SIGKILL', delayMs: 0 }]);
    processes()[3].exit(1);
    await pass(400);
    expect(forked).toHaveLength(4);
    await pass(100);
    expect(forked).toHaveLength(5);
    expect([processes()[0].told, processes()[2].told]).toEqual([[], []]);
  });

  it('kills a process that does not answer for half a minute, and only that one', async () => {
    allReady();
    for (let seconds = 0; seconds < 40; seconds += 2) {
      await pass(2_000);
      for (const process of [processes()[0], processes()[2]]) if (!process.hasExited) process.says({ parley: 'alive' });
    }
    expect(
      processes()
        .slice(0, 3)
        .map(({ hasExited }) => hasExited),
    ).toEqual([false, true, false]);
    expect(forked).toHaveLength(4);
  });

  it('tells all processes to end, replaces none, and exits when all have ended', async () => {
    allReady();
    supervisor.end('drain');
    expect(processes().map(({ endings }) => endings)).toEqual([['drain'], ['drain'], ['drain']]);
    for (const process of processes().slice(0, 2)) process.exit(0);
    await pass(10_000);
    expect([exits, forked.length]).toEqual([[], 3]);
    processes()[2].exit(0);
    expect(exits).toEqual([0]);
  });

  it('starts no process for which it was waiting when it is told to end', async () => {
    allReady();
    processes()[0].exit(1);
    await pass(1);
    processes()[3].exit(1);
    supervisor.end('now');
    for (const process of processes()) process.exit(0);
    await pass(60_000);
    expect([exits, forked.length]).toEqual([[0], 4]);
  });

  it('exits with 1 when a process fails at its end', () => {
    allReady();
    supervisor.end('drain');
    for (const [index, process] of processes().entries()) process.exit(index === 1 ? 1 : 0);
    expect(exits).toEqual([1]);
  });

  describe('when it is asked for the metrics of all', () => {
    const askedOf = async (process: FakeProcess, answering: readonly FakeProcess[]): Promise<string> => {
      process.says({ parley: 'sum', id: 7 });
      await settle();
      for (const each of answering) await each.answersCollection();
      await pass(2_000);
      await settle();
      const answer = process.told.findLast((message) => message.parley === 'summed');
      return answer?.parley === 'summed' && answer.id === 7 ? answer.text : '';
    };

    it('adds them up, with its own', async () => {
      allReady();
      for (const [index, process] of processes().entries()) process.count(index + 1);
      const text = await askedOf(processes()[1], processes());
      expect(text).toContain('turns_total 6\n');
      expect(text).toContain('parley_server_processes 3\n');
    });

    it('takes the last known ones of a process that does not answer, or has ended', async () => {
      allReady();
      for (const process of processes()) process.count(1);
      expect(await askedOf(processes()[0], processes())).toContain('turns_total 3\n');
      processes()[1].exit(null, 'SIGKILL');
      processes()[0].count(1);
      const text = await askedOf(processes()[0], [processes()[0]]);
      expect(text).toContain('turns_total 4\n');
      expect(text).toContain('parley_server_processes_ended_total 1\n');
    });
  });
});
