import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpisodeStore } from '@parley/episodes';

const PREFIX = 'library-';

/** The folder is not the one that the other servers of the database use. */
export class FolderNotShared extends Error {
  override readonly name = 'FolderNotShared';
}

/**
 * Checks that the folder is the same one for all servers of a database, by a file in it whose name the database knows; the first server makes
 * it. Without this check, a server with a folder of its own would lose the audio of the others. Returns the id of the library.
 *
 * @throws FolderNotShared
 */
export async function checkSharedFolder(folder: string, store: Pick<EpisodeStore, 'libraryId'>): Promise<string> {
  const [known] = await marksIn(folder);
  const candidate = known ?? randomUUID();
  // Before the database knows it, so that a folder whose id it knows always has the file.
  if (known === undefined) await writeFile(join(folder, `${PREFIX}${candidate}`), '');
  const id = await store.libraryId(candidate);
  // Asked again, because servers that start at the same time all make one.
  if (!(await marksIn(folder)).includes(id))
    throw new FolderNotShared('DATA_DIR is not the folder that the other servers of DATABASE_URL use');
  return id;
}

const marksIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
