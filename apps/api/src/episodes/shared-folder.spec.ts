import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEpisodeStore } from '@parley/episodes';
import { checkSharedFolder, FolderNotShared } from './shared-folder';

describe('the check that servers share their folder', () => {
  const folders: string[] = [];
  const stores: { close(): Promise<void> }[] = [];
  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-'));
    folders.push(folder);
    return folder;
  };
  const newDatabase = () => {
    const store = openSqliteEpisodeStore({ path: ':memory:' });
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  it('lets in all servers with the same folder, also when they start at the same time and again later', async () => {
    const [folder, store] = [await newFolder(), newDatabase()];
    const ids = await Promise.all(Array.from({ length: 5 }, () => checkSharedFolder(folder, store)));
    expect(new Set([...ids, await checkSharedFolder(folder, store)]).size).toBe(1);
  });

  it('refuses a server with another folder, again and again, and then one with the right folder gets in', async () => {
    const [folder, other, store] = [await newFolder(), await newFolder(), newDatabase()];
    const id = await checkSharedFolder(folder, store);
    await expect(checkSharedFolder(other, store)).rejects.toThrow(FolderNotShared);
    await expect(checkSharedFolder(other, store)).rejects.toThrow('DATA_DIR');
    expect(await checkSharedFolder(folder, store)).toBe(id);
  });

  it('lets in a folder that was moved with its files to another database', async () => {
    const folder = await newFolder();
    const id = await checkSharedFolder(folder, newDatabase());
    expect(await checkSharedFolder(folder, newDatabase())).toBe(id);
  });
});
