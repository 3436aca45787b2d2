import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { PrivateServer, type PrivateServerOptions } from './private-server';

const PROGRAM = '/usr/bin/redis-server';

export interface RedisServerOptions {
  /** For programs that cannot use a socket in a folder: listens on a free port of 127.0.0.1 as well. */
  tcp?: boolean;
}

/** A Redis server of its own, with its data in memory and a socket in a temporary folder instead of a port. */
export class RedisServer {
  readonly #folder: string;
  readonly #port: number;
  readonly #options: PrivateServerOptions;
  #server: PrivateServer;

  private constructor(folder: string, port: number, options: PrivateServerOptions, server: PrivateServer) {
    this.#folder = folder;
    this.#port = port;
    this.#options = options;
    this.#server = server;
  }

  /** Throws if the package is not installed; `npm test` installs it, or says how. */
  static async start({ tcp = false }: RedisServerOptions = {}): Promise<RedisServer> {
    if (!existsSync(PROGRAM)) throw new Error('Redis is not installed: the Debian package redis-server');
    const folder = mkdtempSync(join(tmpdir(), 'parley-redis-'));
    try {
      const port = tcp ? await freePort() : 0;
      const listen = ['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', join(folder, 'socket')];
      const args = [...listen, '--dir', folder, '--save', '', '--appendonly', 'no'];
      const options = { program: PROGRAM, args, ready: /ready to accept connections/i };
      return new RedisServer(folder, port, options, await PrivateServer.start(options));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return join(this.#folder, 'socket');
  }

  /** Host and port, if it was started with `tcp`. */
  get address(): string {
    if (!this.#port) throw new Error('this Redis server has no port');
    return `127.0.0.1:${this.#port}`;
  }

  /** Ends the server, so that nobody can reach it. What it kept is lost. */
  async pause(): Promise<void> {
    await this.#server.stop();
  }

  /** Starts it again after `pause`, empty, at the same address. */
  async resume(): Promise<void> {
    this.#server = await PrivateServer.start(this.#options);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
