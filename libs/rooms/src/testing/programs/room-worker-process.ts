import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defectsIn, poll } from '@parley/testing/client';

/** What `nx build room-worker` wrote. Suites run in the folder of the checkout. */
const MAIN = join(process.cwd(), 'dist/apps/room-worker/main.js');
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;

/** The built room worker in its own process, with an environment of its own, so that no developer's keys are used. The caller must stop it. */
export class RoomWorkerProcess {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-worker-'));
  private readonly logFile = join(this.folder, 'worker.log');
  private readonly child: ChildProcess;
  private wasKilled = false;

  private constructor(
    env: Readonly<Record<string, string>>,
    private readonly healthPort: number,
  ) {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "nx build room-worker" first`);
    const output = openSync(this.logFile, 'a');
    this.child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], LOCAL_MODEL_PROBE: 'false', ROOM_WORKER_HEALTH_PORT: String(healthPort), ...env },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
  }

  /** Resolves when the media server knows it. */
  static async start(env: Readonly<Record<string, string>>, healthPort: number): Promise<RoomWorkerProcess> {
    const worker = new RoomWorkerProcess(env, healthPort);
    try {
      await poll(
        'a worker that is ready',
        () => worker.isReadyOrDead(),
        (done) => done,
        READY_TIMEOUT_MS,
      );
      if (worker.isDead) throw new Error(`the worker did not start:\n${worker.log()}`);
      return worker;
    } catch (error) {
      worker.child.kill('SIGKILL');
      throw error;
    }
  }

  /** Whether the media server knows it and would give it a room. */
  async isReady(): Promise<boolean> {
    return (await this.get('/ready'))?.ok === true;
  }

  /** One sample of its metrics. */
  async metric(name: string): Promise<number> {
    const text = await (await this.get('/metrics'))?.text();
    const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text ?? '')?.[1];
    if (value === undefined) throw new Error(`the worker's metrics have no ${name}`);
    return Number(value);
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Nobody is told. */
  async kill(): Promise<void> {
    this.wasKilled = true;
    this.child.kill('SIGKILL');
    if (!this.isDead) await once(this.child, 'exit');
  }

  /** It does nothing any more, but its connections stay open. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  get isRunning(): boolean {
    return !this.isDead;
  }

  /** Tells it to take no new room and to end when its calls have ended. */
  drain(): void {
    this.child.kill('SIGTERM');
  }

  /** Resolves with its exit code. */
  async ended(): Promise<number | null> {
    if (!this.isDead) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** Ends it, if a test has not. Throws when it did not end properly, or when its log shows a defect. */
  async stop(): Promise<void> {
    this.thaw();
    if (!this.isDead) this.child.kill('SIGTERM');
    const killIt = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const exitCode = await this.ended();
    clearTimeout(killIt);
    const defects = defectsIn(this.log());
    if ((exitCode !== 0 && !this.wasKilled) || defects.length > 0) {
      throw new Error(`the worker ended with ${exitCode}; its log:\n${defects.join('\n') || this.log()}`);
    }
    rmSync(this.folder, { recursive: true });
  }

  private get isDead(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async isReadyOrDead(): Promise<boolean> {
    return this.isDead || (await this.isReady());
  }

  private async get(path: string): Promise<Response | undefined> {
    return fetch(`http://127.0.0.1:${this.healthPort}${path}`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  }
}
