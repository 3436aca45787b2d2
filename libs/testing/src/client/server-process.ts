import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, closeSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverMain } from './workspace';
import { defectsIn } from './server-log';
import { poll } from './sleep';

/** A server as a test sees it: an address and what it wrote to its standard output and error. */
export interface Server {
  /** Origin, e.g. `http://127.0.0.1:40001`. */
  readonly url: string;
  log(): string;
}

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
const ADDRESS = /open (http:\/\/127\.0\.0\.1:\d+)/;

/** The built server in a process of its own, with an environment that holds nothing of the caller's but the search path. */
export class ServerProcess implements Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly logFile: string,
    readonly url: string,
  ) {}

  /** Resolves when the server takes conversations. The caller stops it. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const { child, folder, logFile } = launch(env);
    const log = (): string => readFileSync(logFile, 'utf8');
    const url = await poll('the address of the server', async () => ADDRESS.exec(log())?.[1], isThereOrDead(child), READY_TIMEOUT_MS).catch(
      () => undefined,
    );
    if (url === undefined) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start:\n${log()}`);
    }
    await poll(
      'readiness',
      async () => (await fetch(`${url}/api/ready`)).status,
      (status) => status === 200,
      READY_TIMEOUT_MS,
    );
    return new ServerProcess(child, folder, logFile, url);
  }

  /** For an environment that the server should refuse: what it wrote and how it ended. */
  static async runToExit(env: Readonly<Record<string, string>>): Promise<{ exitCode: number | null; output: string }> {
    const { child, folder, logFile } = launch(env);
    const exitCode = await exitOf(child, STOP_TIMEOUT_MS);
    const output = readFileSync(logFile, 'utf8');
    rmSync(folder, { recursive: true });
    return { exitCode, output };
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Ends the server as its operator would. Throws when it had to be killed, when it had ended before, or when its log tells of a defect. */
  async stop(): Promise<void> {
    const exitCode = await this.terminate();
    const defects = defectsIn(this.log());
    if (exitCode !== 0 || defects.length > 0)
      throw new Error(`the server ended with ${exitCode}; its log:\n${defects.join('\n') || this.log()}`);
    rmSync(this.folder, { recursive: true });
  }

  /** SIGTERM; the exit code (`null` after a signal). */
  async terminate(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return exitOf(this.child, STOP_TIMEOUT_MS);
  }
}

function launch(env: Readonly<Record<string, string>>): { child: ChildProcess; folder: string; logFile: string } {
  if (!existsSync(serverMain())) throw new Error(`${serverMain()} is missing: run "nx build api" first`);
  // A folder without a .env file: a developer's keys are not for tests.
  const folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  const logFile = join(folder, 'server.log');
  const output = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', serverMain()], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', LOCAL_MODEL_PROBE: 'false', ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  return { child, folder, logFile };
}

const isDead = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const isThereOrDead =
  (child: ChildProcess) =>
  (url: string | undefined): boolean =>
    url !== undefined || isDead(child);

async function exitOf(child: ChildProcess, timeoutMs: number): Promise<number | null> {
  if (!isDead(child)) await once(child, 'exit', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  if (isDead(child)) return child.exitCode;
  child.kill('SIGKILL');
  throw new Error(`the server did not end within ${timeoutMs} ms`);
}
