import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Resources, resourcesOf } from './resources';
import { defectsIn } from './server-log';
import { poll } from './sleep';
import { serverMain } from './workspace';

/** A server as a test sees it: an address, and what it wrote to its standard output and error. */
export interface Server {
  /** Origin, e.g. `http://127.0.0.1:40001`. */
  readonly url: string;
  log(): string;
}

// Bounds a server that will never be ready. On a machine that is busy with other tests, a good one may take half a minute.
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;
const ADDRESS = /open (http:\/\/127\.0\.0\.1:\d+)/;

/**
 * The built server in its own process. Its environment has nothing of the caller's except the search path: without keys in it the
 * built-in simulator answers. The caller must stop it.
 */
export class ServerProcess implements Server {
  private address = '';
  /** Undefined while it was ended on purpose. */
  private child: ChildProcess | undefined;
  private last: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  readonly logFile = join(this.folder, 'server.log');

  private constructor(private readonly env: Readonly<Record<string, string>>) {}

  /** Resolves when the server takes conversations, on a port that was free. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(env);
    await server.launch();
    return server;
  }

  /** Starts it with an environment that it should refuse; resolves with its output and exit code. */
  static async runToExit(env: Readonly<Record<string, string>>): Promise<{ exitCode: number | null; output: string }> {
    const server = new ServerProcess(env);
    const exitCode = await exitOf(server.spawn(), STOP_TIMEOUT_MS);
    const output = server.log();
    rmSync(server.folder, { recursive: true });
    return { exitCode, output };
  }

  /** Origin; the same after a restart. */
  get url(): string {
    return this.address;
  }

  /** Everything it has written, restarts included. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** What conversations hold on it now. */
  resources(): Promise<Resources> {
    return resourcesOf(this);
  }

  /** Kills it: connections break without a close frame. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it with SIGTERM, as an operator would; resolves with the exit code (`null` after a signal). */
  terminate(timeoutMs?: number): Promise<number | null> {
    return this.end('SIGTERM', timeoutMs);
  }

  /** The id of the process that was started last. */
  get pid(): number | undefined {
    return this.last?.pid;
  }

  /** Sends a signal, also to a process that is ending. */
  signal(signal: NodeJS.Signals): void {
    this.last?.kill(signal);
  }

  /** Resolves with the exit code when it has ended, for whatever reason. */
  exited(timeoutMs = STOP_TIMEOUT_MS): Promise<number | null> {
    if (!this.last) throw new Error('the server was never started');
    this.child = undefined;
    return exitOf(this.last, timeoutMs);
  }

  /** Starts it again on the same port, after `kill` or `terminate`. */
  restart(): Promise<void> {
    return this.launch(new URL(this.url).port);
  }

  /**
   * Ends it, if a test has not, and deletes its log. Throws when it had to be killed, when it had ended by itself, or when its log shows
   * a defect.
   */
  async stop(): Promise<void> {
    const exitCode = this.child ? await this.terminate() : 0;
    const defects = defectsIn(this.log());
    if (exitCode !== 0 || defects.length > 0)
      throw new Error(`the server ended with ${exitCode}; its log:\n${defects.join('\n') || this.log()}`);
    rmSync(this.folder, { recursive: true });
  }

  private async launch(port?: string): Promise<void> {
    const child = this.spawn(port);
    this.child = child;
    this.last = child;
    const isReadyOrDead = async (): Promise<boolean> => isDead(child) || (await this.isReady());
    await poll('a server that is ready', isReadyOrDead, (done) => done, READY_TIMEOUT_MS).catch(() => child.kill('SIGKILL'));
    if (isDead(child) || child.killed) throw new Error(`the server did not start:\n${this.log()}`);
  }

  private spawn(port?: string): ChildProcess {
    if (!existsSync(serverMain())) throw new Error(`${serverMain()} is missing: run "nx build api" first`);
    const output = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', serverMain()], {
      // A folder without a .env file, so that a developer's keys are not used in tests.
      cwd: this.folder,
      env: { PATH: process.env['PATH'], PORT: '0', LOCAL_MODEL_PROBE: 'false', ...this.env, ...(port !== undefined && { PORT: port }) },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    return child;
  }

  private async isReady(): Promise<boolean> {
    this.address ||= ADDRESS.exec(this.log())?.[1] ?? '';
    if (!this.address) return false;
    return fetch(`${this.url}/api/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  private end(signal: 'SIGTERM' | 'SIGKILL', timeoutMs = STOP_TIMEOUT_MS): Promise<number | null> {
    const { child } = this;
    if (!child) throw new Error('the server does not run');
    this.child = undefined;
    child.kill(signal);
    return exitOf(child, timeoutMs);
  }
}

const isDead = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function exitOf(child: ChildProcess, timeoutMs: number): Promise<number | null> {
  if (!isDead(child)) await once(child, 'exit', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  if (isDead(child)) return child.exitCode;
  child.kill('SIGKILL');
  throw new Error(`the server did not end within ${timeoutMs} ms`);
}
