import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const SCRIPT = 'tools/bench/narration/simulated-vendor.ts';

/** A running `simulated-vendor.ts`. The caller must stop it. */
export class VendorProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** Origin. */
    readonly url: string,
  ) {}

  static async start(streams: number, speed: number): Promise<VendorProcess> {
    const child = spawn(process.execPath, ['tools/run-ts.mjs', SCRIPT, String(streams), String(speed)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const [url] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
    if (typeof url !== 'string') throw new Error('the simulated vendor did not start');
    return new VendorProcess(child, url);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
