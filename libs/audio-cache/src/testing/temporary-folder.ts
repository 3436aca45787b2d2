import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for each test of the file, removed after it. */
export function temporaryFolderForEachTest(): () => string {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'parley-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}
