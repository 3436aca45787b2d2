import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithThisProcess } from './end-with-this-process';
import { freePorts } from './free-ports';
import { type LiveKitConfig, liveKitConfigText, type LiveKitPorts } from './livekit-config';
import { liveKitProgram } from './server-program';

export type LiveKitCommand = (configFile: string) => readonly [program: string, ...args: string[]];

export interface LiveKitServerOptions extends Partial<LiveKitConfig> {
  /** The command that runs a server with that configuration file. Left out: the program that is found on this machine. */
  readonly command?: LiveKitCommand;
}

const KEY = 'devkey';
// The server warns of secrets of fewer than 32 characters.
const SECRET = 'secret_secret_secret_secret_secret';
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const REPEAT_MS = 100;
/** Another program may have taken a port between the search and the start. */
const ATTEMPTS = 3;
/** The server logs this once it has all its ports. Whether somebody answers does not tell: that may be another server on the same port. */
const HAS_ITS_PORTS = 'starting LiveKit server';

/**
 * A real LiveKit server in a process of its own, which can be reached from this machine only. The caller must stop it; it also ends with this
 * process, however that ends.
 */
export class LiveKitServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-livekit-'));
  readonly logFile = join(this.folder, 'server.log');
  private readonly configFile = join(this.folder, 'livekit.json');
  private child: ChildProcess | undefined;

  private constructor(
    private readonly command: LiveKitCommand,
    readonly config: LiveKitConfig,
  ) {}

  /** Resolves when it takes connections: on the given ports, or on free ones. Throws with its log when it does not start. */
  static async start({ command = foundProgram(), ...options }: LiveKitServerOptions = {}): Promise<LiveKitServer> {
    for (let attempt = 1; ; attempt++) {
      const ports = options.ports ?? (await freePorts());
      const server = new LiveKitServer(command, { apiKey: KEY, apiSecret: SECRET, ...options, ports });
      try {
        await server.launch();
        return server;
      } catch (error) {
        await server.stop();
        if (options.ports !== undefined || attempt === ATTEMPTS) throw error;
      }
    }
  }

  get ports(): LiveKitPorts {
    return this.config.ports;
  }

  get apiKey(): string {
    return this.config.apiKey;
  }

  get apiSecret(): string {
    return this.config.apiSecret;
  }

  /** For clients and workers. The same after a restart. */
  get url(): string {
    return `ws://127.0.0.1:${this.ports.http}`;
  }

  /** For the server's API. */
  get httpUrl(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  get pid(): number {
    return this.running().pid ?? NaN;
  }

  /** Everything it has written, restarts included. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Resolves when its process ends, for whatever reason. */
  async ended(): Promise<void> {
    const child = this.running();
    if (!isDead(child)) await once(child, 'exit');
  }

  /** Kills it: connections break, rooms are lost, nobody is told. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops its process as a machine without CPU time would; connections stay open. */
  freeze(): void {
    this.running().kill('SIGSTOP');
  }

  /** Lets it go on after `freeze`. */
  thaw(): void {
    this.running().kill('SIGCONT');
  }

  /** Ends it if it runs, and starts it again on the same ports. */
  async restart(): Promise<void> {
    if (this.child) await this.terminate();
    await this.launch();
  }

  /** Ends it if it runs, and deletes its files, the log too. */
  async stop(): Promise<void> {
    if (this.child) await this.terminate();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async terminate(): Promise<void> {
    // A frozen process would notice the signals only later.
    this.thaw();
    // The first one makes the server wait for everybody to leave, the next one ends it. Two at once would count as one.
    const child = this.running();
    const again = setInterval(() => child.kill('SIGTERM'), REPEAT_MS);
    await this.end('SIGTERM').finally(() => clearInterval(again));
  }

  private async launch(): Promise<void> {
    writeFileSync(this.configFile, liveKitConfigText(this.config));
    const output = openSync(this.logFile, 'a');
    const logStart = fstatSync(output).size;
    const [program, ...args] = this.command(this.configFile);
    const child = spawn(program, args, { stdio: ['ignore', output, output] });
    closeSync(output);
    await once(child, 'spawn').catch((error: unknown) => {
      throw new Error(`${program} cannot be run`, { cause: error });
    });
    this.child = child;
    endWithThisProcess(child);
    const endsAtMs = performance.now() + READY_TIMEOUT_MS;
    while (!this.log().includes(HAS_ITS_PORTS, logStart) || !(await this.isReady())) {
      if (isDead(child) || performance.now() > endsAtMs) throw new Error(`the LiveKit server did not start:\n${this.log()}`);
      await sleep(25);
    }
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(this.httpUrl, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  private running(): ChildProcess {
    if (!this.child) throw new Error('the LiveKit server does not run');
    return this.child;
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.running();
    this.child = undefined;
    if (isDead(child)) return;
    const exited = once(child, 'exit');
    const killIt = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill(signal);
    await exited;
    clearTimeout(killIt);
  }
}

function foundProgram(): LiveKitCommand {
  const program = liveKitProgram();
  return (configFile) => [program, '--config', configFile];
}

const isDead = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
