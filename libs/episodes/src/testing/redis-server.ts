import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateServer } from './private-server';

const PROGRAM = '/usr/bin/redis-server';

/** A Redis server of its own, with its data in memory and a socket in a temporary folder instead of a port. */
export class RedisServer {
  readonly #folder: string;
  readonly #server: PrivateServer;

  private constructor(folder: string, server: PrivateServer) {
    this.#folder = folder;
    this.#server = server;
  }

  /** Throws if the package is not installed; `npm test` installs it, or says how. */
  static async start(): Promise<RedisServer> {
    if (!existsSync(PROGRAM)) throw new Error('Redis is not installed: the Debian package redis-server');
    const folder = mkdtempSync(join(tmpdir(), 'parley-redis-'));
    try {
      const args = ['--port', '0', '--unixsocket', join(folder, 'socket'), '--dir', folder, '--save', '', '--appendonly', 'no'];
      return new RedisServer(folder, await PrivateServer.start({ program: PROGRAM, args, ready: /ready to accept connections/i }));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return join(this.#folder, 'socket');
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
