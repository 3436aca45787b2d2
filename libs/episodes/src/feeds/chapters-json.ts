import { type Chapter } from '../chapter';

/** The type that a chapters file is served with. */
export const CHAPTERS_TYPE = 'application/json+chapters';

export interface ChaptersOptions {
  /** Of the episode. */
  readonly title: string;
  /** Of the show. */
  readonly podcastName?: string;
  readonly author?: string;
  /** In the order of their starts. */
  readonly chapters: readonly Chapter[];
  readonly durationMs: number;
}

/** The file of an episode's chapters in the format of the podcast namespace, version 1.2. Times are in seconds. */
export function chaptersJson({ title, podcastName, author, chapters, durationMs }: ChaptersOptions): string {
  const seconds = (ms: number): number => Math.round(ms) / 1000;
  const file = {
    version: '1.2.0',
    title,
    podcastName,
    author,
    chapters: chapters.map((chapter, i) => ({
      startTime: seconds(chapter.startMs),
      endTime: seconds(chapters.at(i + 1)?.startMs ?? durationMs),
      title: chapter.title,
    })),
  };
  return JSON.stringify(file, undefined, 2);
}
