import { type EpisodeTag } from './id3-tag';
import { oneLine } from './one-line';

/** Tags and chapters in the text format that ffmpeg reads. */
export function ffmpegMetadata(tag: EpisodeTag): string {
  const { title, artist, album, publishedAt, chapters = [], durationMs } = tag;
  const fields = { title, artist, album, date: publishedAt?.toISOString().slice(0, 10), genre: 'Podcast' };
  const lines = [';FFMETADATA1'];
  for (const [name, value] of Object.entries(fields)) if (value) lines.push(`${name}=${escaped(value)}`);
  chapters.forEach((chapter, i) => {
    const endMs = chapters.at(i + 1)?.startMs ?? durationMs;
    lines.push('[CHAPTER]', 'TIMEBASE=1/1000', `START=${Math.round(chapter.startMs)}`, `END=${Math.round(endMs)}`);
    lines.push(`title=${escaped(chapter.title)}`);
  });
  return `${lines.join('\n')}\n`;
}

function escaped(value: string): string {
  return oneLine(value).replace(/[=;#\\]/g, '\\$&');
}
