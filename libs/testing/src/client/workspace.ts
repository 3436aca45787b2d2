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

/** The recordings that conversations are held with, and what a browser recorded of them; the README there says how they were made. */
export const recordingsFolder = (): string => join(workspaceRoot(), 'libs/testing/recordings');

/** The path of a file of the checkout. */
export const workspaceFile = (path: string): string => join(workspaceRoot(), path);
