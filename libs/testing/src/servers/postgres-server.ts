import { Client } from 'pg';
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateServer, type PrivateServerOptions } from './private-server';

/** Where Debian and Ubuntu put the programs, by version. */
const VERSIONS = '/usr/lib/postgresql';
const SETTINGS = {
  listen_addresses: '',
  // What a crash of the machine would leave is of no interest here.
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  max_connections: '60',
  autovacuum: 'off',
};

/** A PostgreSQL server of its own, with its data in a temporary folder and a socket there instead of a port. */
export class PostgresServer {
  readonly #folder: string;
  readonly #options: PrivateServerOptions;
  #server: PrivateServer;
  #schemas = 0;

  private constructor(folder: string, options: PrivateServerOptions, server: PrivateServer) {
    this.#folder = folder;
    this.#options = options;
    this.#server = server;
  }

  /** Throws if the packages are not installed; `npm test` installs them, or says how. */
  static async start(): Promise<PostgresServer> {
    const programs = postgresPrograms();
    const folder = mkdtempSync(join(tmpdir(), 'parley-pg-'));
    const user = unprivilegedUser();
    if (user) chownSync(folder, user.uid, user.gid);
    try {
      const data = join(folder, 'data');
      const initArgs = ['-D', data, '-U', 'parley', '--auth=trust', '--no-sync', '--no-instructions', '-E', 'UTF8', '--locale=C'];
      const { status, stderr } = spawnSync(join(programs, 'initdb'), initArgs, { encoding: 'utf8', cwd: folder, ...user });
      if (status !== 0) throw new Error(`initdb failed:\n${stderr}`);
      const settings = Object.entries({ ...SETTINGS, unix_socket_directories: folder }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]);
      const options = {
        program: join(programs, 'postgres'),
        args: ['-D', data, ...settings],
        ready: /database system is ready to accept connections/,
        user,
      };
      return new PostgresServer(folder, options, await PrivateServer.start(options));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The address of a new, empty schema: as good as a database of its own, and made much sooner. */
  async createSchema(): Promise<string> {
    const name = `test_${++this.#schemas}`;
    const client = new Client({ connectionString: this.#url });
    await client.connect();
    await client.query(`CREATE SCHEMA ${name}`);
    await client.end();
    return `${this.#url}&options=${encodeURIComponent(`-c search_path=${name}`)}`;
  }

  /** Ends the server, so that nobody can reach it. Its data stay. */
  async pause(): Promise<void> {
    await this.#server.stop();
  }

  /** Starts it again after `pause`, with the same data at the same address. */
  async resume(): Promise<void> {
    this.#server = await PrivateServer.start(this.#options);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #url(): string {
    return `postgres://parley@/postgres?host=${encodeURIComponent(this.#folder)}`;
  }
}

function postgresPrograms(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).map(Number).filter(Number.isFinite) : [];
  const folder = versions
    .sort((a, b) => b - a)
    .map((version) => join(VERSIONS, String(version), 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (!folder) throw new Error('PostgreSQL is not installed: the Debian package postgresql');
  return folder;
}

/** PostgreSQL refuses to run as root: then as the user that its package has made. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  if (!uid || !gid) throw new Error('there is no user postgres, which the Debian package postgresql makes');
  return { uid: Number(uid), gid: Number(gid) };
}
