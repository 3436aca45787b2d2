import { join, resolve } from 'node:path';

const WORKSPACE_ROOT = resolve(import.meta.dirname, '../../../..');

/** What `nx build web` wrote: the page under test. */
export const WEB_INDEX = join(WORKSPACE_ROOT, 'dist/apps/web/browser/index.html');

/** Everything these tests write. */
export const OUTPUT_DIR = join(WORKSPACE_ROOT, 'tmp/web-e2e');
