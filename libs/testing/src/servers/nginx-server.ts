import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { PrivateServer } from './private-server';

const PROGRAM = '/usr/sbin/nginx';
/** Where nginx keeps bodies that are too long for its memory. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** An nginx of its own, with a configuration of the deployment and its files in a temporary folder. */
export class NginxServer {
  private constructor(
    private readonly folder: string,
    private readonly server: PrivateServer,
    /** Origin, such as `http://127.0.0.1:40001`. */
    readonly url: string,
  ) {}

  /**
   * `configuration`: the text of the file. It listens on a free port of 127.0.0.1 instead of its port 80, and asks these origins instead of the
   * names that it has, one after the other. Throws if the package is not installed; `npm test` installs it, or says how.
   */
  static async start(configuration: string, origins: readonly string[]): Promise<NginxServer> {
    if (!existsSync(PROGRAM)) throw new Error('nginx is not installed: the Debian package nginx-light');
    const folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
    const port = await freePort();
    const left = origins.map((origin) => new URL(origin).host);
    const text = configuration
      .replace(/listen 80;/, `listen 127.0.0.1:${port};`)
      .replace(/server [\w-]+:\d+/g, () => `server ${left.shift() ?? '127.0.0.1:1'}`)
      .replace('http {', `http {\n  access_log off;\n${TEMPORARY.map((name) => `  ${name}_temp_path ${join(folder, name)};`).join('\n')}`);
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, text);
    const globals = `daemon off; pid ${join(folder, 'pid')}; error_log stderr notice;`;
    try {
      const args = ['-p', folder, '-c', file, '-e', 'stderr', '-g', globals];
      return new NginxServer(
        folder,
        await PrivateServer.start({ program: PROGRAM, args, ready: /start worker process / }),
        `http://127.0.0.1:${port}`,
      );
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
