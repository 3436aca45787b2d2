import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateServer, type PrivateServerOptions } from './private-server';

const PROGRAM = '/usr/bin/redis-server';

/** A Redis server of its own, with its data in memory and a socket in a temporary folder instead of a port. */
export class RedisServer {
  readonly #folder: string;
  readonly #options: PrivateServerOptions;
  #server: PrivateServer;

  private constructor(folder: string, options: PrivateServerOptions, server: PrivateServer) {
    this.#folder = folder;
    this.#options = options;
    this.#server = server;
  }

  /** Throws if the package is not installed; `npm test` installs it, or says how. */
  static async start(): Promise<RedisServer> {
    if (!existsSync(PROGRAM)) throw new Error('Redis is not installed: the Debian package redis-server');
    const folder = mkdtempSync(join(tmpdir(), 'parley-redis-'));
    try {
      const args = ['--port', '0', '--unixsocket', join(folder, 'socket'), '--dir', folder, '--save', '', '--appendonly', 'no'];
      const options = { program: PROGRAM, args, ready: /ready to accept connections/i };
      return new RedisServer(folder, options, await PrivateServer.start(options));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return join(this.#folder, 'socket');
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
