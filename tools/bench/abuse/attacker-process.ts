import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Attack, AttackTally } from '@parley/testing/abuse';

/** So that limits by address do not concern the honest clients. */
const ADDRESS = '127.0.0.2';

/** Makes attacks from a process of its own, so that they do not delay the honest clients in this one. The caller must stop it. */
export class AttackerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  static async start(url: string, seed: number): Promise<AttackerProcess> {
    const args = [resolve('tools/run-ts.mjs'), resolve('tools/bench/abuse/attacker.ts'), url, String(seed), ADDRESS];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const attacker = new AttackerProcess(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
    await attacker.nextLine();
    return attacker;
  }

  /** Resolves with what happened when the attack is over. Rejects when it failed. */
  async attack({ name }: Attack, scale: number): Promise<AttackTally> {
    this.child.stdin?.write(`${JSON.stringify({ name, scale })}\n`);
    return JSON.parse(await this.nextLine()) as AttackTally;
  }

  stop(): void {
    this.child.kill();
  }

  private async nextLine(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the process of the hostile clients has ended');
    return value;
  }
}
