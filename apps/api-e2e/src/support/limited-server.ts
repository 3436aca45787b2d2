import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll, type Server } from '@parley/testing/client';

const MAIN = join(__dirname, '../../../../dist/apps/api/main.js');
const READY_MS = 200_000;
const STOP_MS = 30_000;

export interface Limits {
  /** The greatest number of file descriptors. */
  readonly descriptors?: number;
  /** The file that its log goes to, in place of one that can be read. */
  readonly logFile?: string;
}

/** The built server with limits that a shell sets before it starts. The caller must stop it. */
export class LimitedServer implements Server {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(env: Readonly<Record<string, string>>, { descriptors = 1_024, logFile }: Limits): Promise<LimitedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-limited-'));
    const port = await freePort();
    const output = openSync(logFile ?? join(folder, 'log'), 'a');
    const child = spawn('sh', ['-c', `ulimit -n ${descriptors}; exec "$0" "$1"`, process.execPath, MAIN], {
      cwd: folder,
      env: { PATH: process.env['PATH'], PORT: String(port), LOCAL_MODEL_PROBE: 'false', ...env },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const server = new LimitedServer(`http://127.0.0.1:${port}`, child, folder);
    await poll(
      'a server that is ready',
      () => server.isReady(),
      (ready) => ready,
      READY_MS,
    );
    return server;
  }

  /** Empty where its log goes elsewhere. */
  log(): string {
    try {
      return readFileSync(join(this.folder, 'log'), 'utf8');
    } catch {
      return '';
    }
  }

  /** Ends it as an operator would. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null) {
      const exited = once(this.child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
      this.child.kill('SIGTERM');
      await exited.catch(() => this.child.kill('SIGKILL'));
    }
    rmSync(this.folder, { recursive: true });
    return this.child.exitCode;
  }

  private isReady(): Promise<boolean> {
    return fetch(`${this.url}/api/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
}
