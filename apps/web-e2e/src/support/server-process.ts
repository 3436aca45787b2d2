import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVER_MAIN } from './paths';

const READY_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const ADDRESS = /open (http:\/\/127\.0\.0\.1:\d+)/;
/** Lines that a sound server never writes. */
const DEFECT = /unhandled|uncaught|\bERROR\b|\bFATAL\b|MaxListenersExceeded/i;

/** What conversations hold on the server; all 0 when there are none. */
export const RESOURCE_GAUGES = ['parley_connections', 'parley_sessions', 'parley_open_streams', 'parley_turn_timers'] as const;
export type Resources = Record<(typeof RESOURCE_GAUGES)[number], number>;
export const NO_RESOURCES: Resources = { parley_connections: 0, parley_sessions: 0, parley_open_streams: 0, parley_turn_timers: 0 };

/**
 * The built server in a process of its own, without keys: the simulator inside it answers. Nothing of the caller's environment reaches it
 * but the search path. Whoever starts it stops it.
 */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private address = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-web-e2e-'));
  private readonly logFile = join(this.folder, 'server.log');

  private constructor(private readonly env: Readonly<Record<string, string>>) {}

  /** Resolves when the server takes conversations, on a port that was free. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(env);
    await server.launch('0');
    return server;
  }

  /** Origin, e.g. `http://127.0.0.1:40001`. */
  get url(): string {
    return this.address;
  }

  /** Everything the server has written. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  async resources(): Promise<Resources> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    return Object.fromEntries(RESOURCE_GAUGES.map((name) => [name, read(name)])) as Resources;
  }

  /** Power cut: connections break without a word. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends the server as its operator would; resolves with its exit code. */
  async terminate(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Starts it again on the same port. */
  async restart(): Promise<void> {
    await this.launch(new URL(this.url).port);
  }

  /** Ends it and takes its log away. Throws when it did not end well, or when the log tells of a defect. */
  async stop(): Promise<void> {
    const exitCode = this.child ? await this.terminate() : 0;
    const log = this.log();
    rmSync(this.folder, { recursive: true });
    if (exitCode !== 0 || DEFECT.test(log)) throw new Error(`the server ended with ${exitCode}; its log:\n${log}`);
  }

  private async launch(port: string): Promise<void> {
    const output = openSync(this.logFile, 'a');
    const env = { PATH: process.env['PATH'], LOCAL_MODEL_PROBE: 'false', ...this.env, PORT: port };
    // In a folder without a .env file: a developer's keys are not for tests.
    const child = spawn(process.execPath, ['--enable-source-maps', SERVER_MAIN], {
      cwd: this.folder,
      env,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.child = child;
    const giveUpAtMs = performance.now() + READY_TIMEOUT_MS;
    while (!(await this.isReady())) {
      if (isOver(child) || performance.now() > giveUpAtMs) {
        child.kill('SIGKILL');
        throw new Error(`the server did not start:\n${this.log()}`);
      }
      await sleep(50);
    }
  }

  private async isReady(): Promise<boolean> {
    this.address ||= ADDRESS.exec(this.log())?.[1] ?? '';
    if (!this.address) return false;
    return fetch(`${this.address}/api/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const { child } = this;
    if (!child) throw new Error('the server does not run');
    this.child = undefined;
    const exit = once(child, 'exit', { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    if (!isOver(child)) {
      child.kill(signal);
      await exit.catch(() => child.kill('SIGKILL'));
    }
    return child.exitCode;
  }
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
