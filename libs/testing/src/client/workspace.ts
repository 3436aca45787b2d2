import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the checkout: the nearest one above the working directory that holds the workspace. */
function workspaceRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('run this inside the checkout');
  }
}

/** What `nx build api` wrote: the program under test. */
export const serverMain = (): string => join(workspaceRoot(), 'dist/apps/api/main.js');

/** The recordings that conversations are held with: beside the checkout, never inside it. */
export const fixturesFolder = (): string => join(workspaceRoot(), '../shared/fixtures');

/** What a browser recorded of them; made by `tools/assets/record-webm.ts`. */
export const recordingsFolder = (): string => join(workspaceRoot(), 'libs/testing/recordings');
