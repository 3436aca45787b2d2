import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PrivateServerOptions {
  program: string;
  args: readonly string[];
  /** What the server prints when it is ready. */
  ready: RegExp;
  /** Runs it as another user, which needs root. */
  user?: { uid: number; gid: number };
  onPrinted?: (text: string) => void;
}

/**
 * Ends the server when the standard input of the shell ends, and with it when this process ends in any way, also when it is killed. The shell
 * ends with the server.
 */
const GUARD = 'exec 3<&0; "$@" & server=$!; { read -r _ <&3; kill -INT $server 2>/dev/null; } & wait $server';

/** A server that lives as long as this process at most. */
export class PrivateServer {
  readonly #end: () => Promise<void>;

  private constructor(end: () => Promise<void>) {
    this.#end = end;
  }

  /** Throws with what the server printed if it ends before it is ready. */
  static async start({ program, args, ready, user, onPrinted }: PrivateServerOptions): Promise<PrivateServer> {
    const shell = spawn('/bin/sh', ['-c', GUARD, 'sh', program, ...args], { stdio: 'pipe', ...user });
    const exited = once(shell, 'exit');
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const read = (part: string) => {
        printed += part;
        onPrinted?.(printed);
        if (ready.test(printed)) resolve();
      };
      for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding('utf8').on('data', read);
      exited.then(() => shell.stdin.end(), reject);
      // Later than the exit: then all that it printed is there.
      shell.on('close', () => reject(new Error(`${program} ended before it was ready:\n${printed}`)));
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
