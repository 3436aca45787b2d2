import { join, resolve } from 'node:path';

const WORKSPACE_ROOT = resolve(import.meta.dirname, '../../../..');

/** What `nx build api` and `nx build web` wrote: the program under test. */
export const SERVER_MAIN = join(WORKSPACE_ROOT, 'dist/apps/api/main.js');
export const WEB_INDEX = join(WORKSPACE_ROOT, 'dist/apps/web/browser/index.html');

/** The recordings that microphones hear: beside the checkout, never inside it. */
export const FIXTURES = resolve(WORKSPACE_ROOT, '../shared/fixtures');

/** Everything these tests write. */
export const OUTPUT_DIR = join(WORKSPACE_ROOT, 'tmp/web-e2e');
