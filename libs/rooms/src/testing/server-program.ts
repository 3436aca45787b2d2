import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The LiveKit server of this machine, found in the same way as by the tools (which run before anything is installed, and so are no
 * TypeScript). Throws with what to do when there is none.
 */
export function liveKitProgram(): string {
  const script = join(workspaceRoot(), 'tools/livekit/find.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${stderr.trim()}. "npm run livekit" tells how to get one.`);
  return stdout.trim();
}

function workspaceRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('run this inside the checkout');
  }
}
