import { openSqliteEpisodeStore, type EpisodeStore } from '../storage';
import { sampleEpisode } from '../storage/testing/sample-records';
import { EpisodeWatcher } from './episode-watcher';

describe('the watcher of episodes', () => {
  let store: EpisodeStore;
  let watcher: EpisodeWatcher;

  beforeEach(() => {
    store = openSqliteEpisodeStore({ path: ':memory:' });
    watcher = new EpisodeWatcher(store);
  });
  afterEach(async () => {
    watcher.close();
    await store.close();
  });

  it('tells what has changed, several changes as one if the reader is slow, and nothing twice', async () => {
    const { id, version } = await store.createEpisode(sampleEpisode());
    const changes = watcher.changes(id, version, new AbortController().signal);
    await store.updateEpisode(id, { title: 'One' });
    await store.updateEpisode(id, { title: 'Two' });
    expect((await changes.next()).value).toMatchObject({ episode: { title: 'Two' }, segments: [] });
    const next = changes.next();
    await store.claimSegments({ owner: 'me', leaseMs: 1_000, limit: 1, episodeId: id });
    expect((await next).value).toMatchObject({ episode: { status: 'rendering' }, segments: [{ index: 0, status: 'claimed' }] });
  });

  it('ends when the episode is deleted, and when its reader goes', async () => {
    const { id, version } = await store.createEpisode(sampleEpisode());
    const abort = new AbortController();
    const left = watcher.changes(id, version, abort.signal).next();
    const deleted = watcher.changes(id, version, new AbortController().signal).next();
    abort.abort();
    expect(await left).toEqual({ done: true, value: undefined });
    await store.deleteEpisode(id);
    expect(await deleted).toEqual({ done: true, value: undefined });
  });
});
