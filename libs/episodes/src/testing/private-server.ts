import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PrivateServerOptions {
  program: string;
  args: readonly string[];
  /** What the server prints when it is ready. */
  ready: RegExp;
  /** Runs it as another user, which needs root. */
  user?: { uid: number; gid: number };
}

/** Ends the server when this process ends in any way, also when it is killed: then the standard input of the shell ends. */
const GUARD = '"$@" & server=$!; trap "kill -INT $server" TERM; read -r _; kill -INT $server 2>/dev/null; wait $server';

/** A server that lives as long as this process at most. */
export class PrivateServer {
  readonly #end: () => Promise<void>;

  private constructor(end: () => Promise<void>) {
    this.#end = end;
  }

  /** Throws with what the server printed if it ends before it is ready. */
  static async start({ program, args, ready, user }: PrivateServerOptions): Promise<PrivateServer> {
    const shell = spawn('/bin/sh', ['-c', GUARD, 'sh', program, ...args], { stdio: 'pipe', ...user });
    const exited = once(shell, 'exit');
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const read = (part: string) => {
        printed += part;
        if (ready.test(printed)) resolve();
      };
      for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding('utf8').on('data', read);
      shell.on('error', reject);
      void exited.then(() => reject(new Error(`${program} ended before it was ready:\n${printed}`)), reject);
      // The shell waits for its input and would not notice that the server has failed.
      if (!ready.test(printed)) shell.stdout.once('close', () => shell.stdin.end());
    });
    return new PrivateServer(async () => {
      shell.stdin.end();
      await exited;
    });
  }

  /** Resolves when the server has ended. */
  stop(): Promise<void> {
    return this.#end();
  }
}
