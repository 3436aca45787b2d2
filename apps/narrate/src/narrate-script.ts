import { AudioCache } from '@parley/audio-cache';
import {
  AudioFiles,
  type Episode,
  type EpisodePlan,
  type EpisodeRequest,
  Episodes,
  LocalSegmentQueue,
  openSqliteEpisodeStore,
} from '@parley/episodes';
import type { ScriptProblem } from '@parley/narration';
import type { NarrationProvider } from '@parley/providers';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine } from './command-line';
import { checkWritable, copyWhole } from './output-files';
import type { Progress } from './progress-display';
import { VoiceNames } from './voice-names';

export interface NarrateOptions {
  provider: NarrationProvider;
  defaultVoiceId: string;
  /** Where audio is kept, so that no segment is paid for twice. */
  cache: { directory: string; maxBytes: number };
  onProgress: (progress: Progress) => void;
  /** All segments are there. */
  onAssembling: () => void;
}

/** What became of a script. */
export type Narrated =
  /** It has mistakes. Nothing was spoken. */
  | { type: 'refused'; problems: readonly ScriptProblem[] }
  /** Only the plan was asked for. */
  | { type: 'planned'; plan: EpisodePlan }
  | { type: 'completed'; episode: Episode }
  | { type: 'failed'; message: string }
  | { type: 'cancelled' };

const NO_CACHE = { directory: '', maxBytes: 0 };
const ENDED = new Set(['completed', 'failed', 'cancelled']);

/**
 * Makes an episode of a script and writes its files. An abort of `signal` ends the vendor's work at once. What is needed meanwhile is in a
 * folder of its own, which is deleted in any case. Throws `CommandLineError`.
 */
export async function narrateScript(
  script: string,
  commandLine: CommandLine,
  options: NarrateOptions,
  signal: AbortSignal,
): Promise<Narrated> {
  const { provider, defaultVoiceId } = options;
  const isRendered = commandLine.mode === 'render';
  if (isRendered) {
    await checkWritable(commandLine.outputs);
    await mkdir(options.cache.directory, { recursive: true, mode: 0o700 });
  }
  const folder = await mkdtemp(join(tmpdir(), 'parley-narrate-'));
  const cache = await AudioCache.open(isRendered ? options.cache : NO_CACHE);
  const store = openSqliteEpisodeStore({ path: ':memory:' });
  const files = await AudioFiles.open(join(folder, 'episodes'));
  const { parallel } = commandLine;
  const episodes = new Episodes({ store, files, cache, provider, defaultVoiceId, parallel, queue: new LocalSegmentQueue() });
  try {
    await episodes.start();
    const plan = await episodes.plan(requestOf(script, commandLine, new VoiceNames(await episodes.voices())));
    if (plan.problems.length > 0) return { type: 'refused', problems: plan.problems };
    if (!isRendered) return { type: 'planned', plan };
    const { id } = await episodes.create(plan);
    await follow(episodes, id, options, signal);
    return await outcomeOf(episodes, id, commandLine, signal);
  } finally {
    await episodes.close();
    await cache.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function requestOf(
  script: string,
  { speakers, voice, purpose, model, language, title, seed }: CommandLine,
  voices: VoiceNames,
): EpisodeRequest {
  return {
    script,
    speakers: Object.fromEntries([...speakers].map(([name, given]) => [name, { voiceId: voices.idOf(given) }])),
    ...(voice !== undefined && { voiceId: voices.idOf(voice) }),
    ...(purpose !== undefined && { purpose }),
    ...(model !== undefined && { model }),
    ...(language !== undefined && { language }),
    ...(title !== undefined && { title }),
    ...(seed !== undefined && { seed }),
  };
}

async function follow(episodes: Episodes, id: string, { onProgress, onAssembling }: NarrateOptions, signal: AbortSignal): Promise<void> {
  let isAssembling = false;
  for await (const { episode } of episodes.changes(id, 0, signal)) {
    onProgress(episode.progress);
    if (episode.status === 'assembling' && !isAssembling) {
      isAssembling = true;
      onAssembling();
    }
    if (ENDED.has(episode.status)) return;
  }
}

async function outcomeOf(episodes: Episodes, id: string, { outputs }: CommandLine, signal: AbortSignal): Promise<Narrated> {
  if (signal.aborted) {
    await episodes.cancel(id);
    return { type: 'cancelled' };
  }
  const episode = await episodes.store.episode(id);
  if (episode?.status !== 'completed') return { type: 'failed', message: episode?.error ?? 'The episode could not be made.' };
  for (const { path, type } of outputs) {
    const file = await episodes.files.find(id, { type });
    if (!file) return { type: 'failed', message: `There is no ${type.toUpperCase()} of this episode.` };
    await copyWhole(file.path, path);
  }
  return { type: 'completed', episode };
}
