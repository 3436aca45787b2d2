import { AudioCache } from '@parley/audio-cache';
import { FakeNarration, type FakeNarrationOptions } from '@parley/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFiles } from '../../audio-files';
import { type Episode, type EpisodeStatus, type EpisodeStore, openSqliteEpisodeStore } from '../../storage';
import { LocalSegmentQueue } from '../../work';
import type { EpisodeRequest } from '../episode-request';
import { Episodes, type EpisodesOptions } from '../episodes';
import type { RenderingEvent } from '../rendering-context';

/** Episodes of a fake provider in a folder of their own. A second server on the same folder can be opened. */
export class RenderingBench {
  readonly events: RenderingEvent[] = [];
  readonly #closers: (() => Promise<void>)[] = [];

  private constructor(readonly folder: string) {}

  static async create(): Promise<RenderingBench> {
    return new RenderingBench(await mkdtemp(join(tmpdir(), 'rendering-')));
  }

  async open(
    narration: FakeNarrationOptions = {},
    options: Partial<EpisodesOptions> = {},
  ): Promise<{ episodes: Episodes; provider: FakeNarration; cache: AudioCache; close: () => Promise<void> }> {
    const provider = new FakeNarration(narration);
    const store = openSqliteEpisodeStore({ path: join(this.folder, 'episodes.sqlite') });
    const cache = await AudioCache.open({ directory: join(this.folder, 'cache'), maxBytes: 100_000_000 });
    const episodes = new Episodes({
      ...{ store, cache, provider, queue: new LocalSegmentQueue(), defaultVoiceId: 'anna', random: () => 0.5 },
      files: await AudioFiles.open(join(this.folder, 'episodes')),
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    await episodes.start();
    let isClosed = false;
    const close = async (): Promise<void> => {
      if (isClosed) return;
      isClosed = true;
      await episodes.close();
      await cache.close();
      await store.close();
    };
    this.#closers.push(close);
    return { episodes, provider, cache, close };
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function make(episodes: Episodes, request: EpisodeRequest): Promise<Episode> {
  const plan = await episodes.plan(request);
  expect(plan.problems).toEqual([]);
  return await episodes.create(plan);
}

/** Resolves with the episode when it is in this state. */
export async function reaches(episodes: Episodes, id: string, status: EpisodeStatus): Promise<Episode> {
  for await (const { episode } of episodes.changes(id, 0, new AbortController().signal)) if (episode.status === status) break;
  return await existing(episodes.store, id);
}

export async function existing(store: EpisodeStore, id: string): Promise<Episode> {
  const episode = await store.episode(id);
  if (!episode) throw new Error('the episode is gone');
  return episode;
}

export const TWO_VOICES: EpisodeRequest = {
  title: 'Rain',
  script: '# Morning\n\nHOST: It rained all day in the town.\n\nGUEST: And all night, too.\n\n# Evening\n\nHOST: Then it stopped.\n',
  format: 'screenplay',
  speakers: { HOST: { voiceId: 'anna' }, GUEST: { voiceId: 'ben' } },
};
