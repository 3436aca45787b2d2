import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioCache } from '@parley/audio-cache';
import { AudioFiles, type Episode, Episodes, LocalSegmentQueue, openSqliteEpisodeStore, type RenderingEvent } from '@parley/episodes';
import { ElevenLabsNarration } from '@parley/providers';
import { distinctWords } from './distinct-words';
import { MemoryPeak } from './memory-peak';
import { VendorProcess } from './vendor-process';

/** What an account may do at the same time. */
const STREAMS = 4;
/** Speech comes so many times faster than it is spoken. */
export const VENDOR_SPEED = 20;
const CACHE_BYTES = 1_000_000_000;

export interface EpisodeFigures {
  segments: number;
  audioMs: number;
  /** From the request to the finished files. */
  oneAtATimeMs: number;
  fourMs: number;
  /** From the last segment to the finished files: within `fourMs`. */
  assemblingMs: number;
  /** Processor time of the process meanwhile. On a busy machine the rest was spent waiting for a core. */
  assemblingCpuMs: number;
  /** Of the process that makes the episode with four streams. */
  memoryGrowthBytes: number;
  /** After one segment was changed: from its audio to the finished files. */
  againMs: number;
  againCpuMs: number;
  loudnessLufs: number;
  truePeakDbtp: number;
}

/** Makes an episode of so many segments with four streams at the same time, changes one of them, and makes it with one stream. */
export async function measureEpisode(segments: number, charactersEach: number): Promise<EpisodeFigures> {
  const vendor = await VendorProcess.start(STREAMS, VENDOR_SPEED);
  const script = scriptOf(segments, charactersEach);
  try {
    // Code that is loaded and compiled is no part of what an episode needs.
    await inFolder(vendor.url, STREAMS, async (maker) => void (await maker.make(scriptOf(2, charactersEach))));
    const four = await inFolder(vendor.url, STREAMS, async (maker) => {
      const peak = new MemoryPeak();
      const made = await maker.make(script);
      const memoryGrowthBytes = peak.stop();
      return { ...made, memoryGrowthBytes, again: await maker.change(made.episode) };
    });
    const one = await inFolder(vendor.url, 1, (maker) => maker.make(script));
    const { output, progress } = four.episode;
    if (!output) throw new Error('the episode is not complete');
    const { durationMs: audioMs, loudnessLufs, truePeakDbtp } = output;
    return {
      ...{ segments: progress.total, audioMs, loudnessLufs, truePeakDbtp },
      ...{ oneAtATimeMs: one.wholeMs, fourMs: four.wholeMs, memoryGrowthBytes: four.memoryGrowthBytes },
      ...{ assemblingMs: four.assemblingMs, assemblingCpuMs: four.assemblingCpuMs },
      ...{ againMs: four.again.assemblingMs, againCpuMs: four.again.assemblingCpuMs },
    };
  } finally {
    await vendor.stop();
  }
}

interface Made {
  episode: Episode;
  wholeMs: number;
  assemblingMs: number;
  assemblingCpuMs: number;
}

/** Knows when segments were done. A bench in which one fails is worth nothing. */
class RenderingWatch {
  lastSegmentAtMs = 0;
  lastSegmentCpu = process.cpuUsage();
  failure: unknown;

  readonly take = (event: RenderingEvent): void => {
    if (event.type === 'segment_done') {
      this.lastSegmentAtMs = performance.now();
      this.lastSegmentCpu = process.cpuUsage();
    }
    if ('error' in event) this.failure ??= event.error;
  };
}

class EpisodeMaker {
  constructor(
    private readonly episodes: Episodes,
    private readonly watch: RenderingWatch,
  ) {}

  async make(script: string): Promise<Made> {
    const startedAtMs = performance.now();
    const plan = await this.episodes.plan({ script, format: 'text', title: 'Bench' });
    if (plan.problems.length > 0) throw new Error(JSON.stringify(plan.problems));
    const { id } = await this.episodes.create(plan);
    return await this.#completed(id, 0, startedAtMs);
  }

  /** Changes a segment in the middle. */
  async change({ id, version, progress }: Episode): Promise<Made> {
    const [segment] = await this.episodes.store.segments(id, { from: Math.floor(progress.total / 2), limit: 1 });
    if (!segment) throw new Error('there is no segment');
    const startedAtMs = performance.now();
    await this.episodes.editSegment(segment.id, { text: 'This is what is said here now.' });
    return await this.#completed(id, version, startedAtMs);
  }

  async #completed(id: string, version: number, startedAtMs: number): Promise<Made> {
    for await (const { episode } of this.episodes.changes(id, version, AbortSignal.timeout(3_600_000))) {
      if (episode.status === 'failed') throw new Error(episode.error);
      if (episode.status === 'completed') break;
    }
    const endedAtMs = performance.now();
    const { user, system } = process.cpuUsage(this.watch.lastSegmentCpu);
    if (this.watch.failure !== undefined) throw this.watch.failure;
    const episode = await this.episodes.store.episode(id);
    if (!episode) throw new Error('the episode is gone');
    return {
      episode,
      wholeMs: endedAtMs - startedAtMs,
      assemblingMs: endedAtMs - this.watch.lastSegmentAtMs,
      assemblingCpuMs: (user + system) / 1_000,
    };
  }
}

async function inFolder<T>(vendorUrl: string, parallel: number, use: (maker: EpisodeMaker) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const provider = new ElevenLabsNarration({ apiKey: 'bench', baseUrl: vendorUrl, simulated: true });
  const store = openSqliteEpisodeStore({ path: join(folder, 'episodes.sqlite') });
  const cache = await AudioCache.open({ directory: join(folder, 'cache'), maxBytes: CACHE_BYTES });
  const files = await AudioFiles.open(join(folder, 'episodes'));
  const [voice] = await provider.voices(AbortSignal.timeout(5_000));
  const watch = new RenderingWatch();
  const episodes = new Episodes({
    ...{ store, cache, files, provider, parallel, queue: new LocalSegmentQueue(), defaultVoiceId: voice?.id ?? '' },
    onEvent: watch.take,
  });
  try {
    await episodes.start();
    return await use(new EpisodeMaker(episodes, watch));
  } finally {
    await episodes.close();
    await cache.close();
    await store.close();
    await provider.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Paragraphs of about the same length. */
function scriptOf(paragraphs: number, charactersEach: number): string {
  const sentences = distinctWords(paragraphs * charactersEach).split(/(?<=\.) /);
  const perParagraph = sentences.length / paragraphs;
  return Array.from({ length: paragraphs }, (_, i) =>
    sentences.slice(Math.round(i * perParagraph), Math.round((i + 1) * perParagraph)).join(' '),
  ).join('\n\n');
}
