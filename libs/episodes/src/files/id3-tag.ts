import { ID3Writer } from 'browser-id3-writer';
import { type Chapter } from '../chapter';

export interface EpisodeTag {
  readonly title: string;
  readonly durationMs: number;
  readonly artist?: string;
  /** The show. */
  readonly album?: string;
  readonly publishedAt?: Date;
  /** JPEG or PNG. */
  readonly cover?: Uint8Array;
  /** In the order of their starts. */
  readonly chapters?: readonly Chapter[];
}

const FRONT_COVER = 3;
/** A table of contents has no more entries: it counts them in one byte. */
const MOST_ENTRIES = 255;

/**
 * An ID3v2.3 tag, which is what precedes the audio of an MP3 file.
 *
 * @throws RangeError when the cover is neither JPEG nor PNG.
 */
export function id3Tag(tag: EpisodeTag): Uint8Array {
  const writer = new ID3Writer(new ArrayBuffer(0));
  writer.setFrame('TIT2', oneLine(tag.title)).setFrame('TLEN', Math.round(tag.durationMs));
  if (tag.artist) writer.setFrame('TPE1', [oneLine(tag.artist)]);
  if (tag.album) writer.setFrame('TALB', oneLine(tag.album));
  if (tag.publishedAt) addDate(writer, tag.publishedAt);
  if (tag.cover) writer.setFrame('APIC', { type: FRONT_COVER, data: imageOf(tag.cover), description: '' });
  if (tag.chapters && tag.chapters.length > 0) addChapters(writer, tag.chapters, tag.durationMs);
  return new Uint8Array(writer.addTag());
}

/** Version 2.3 keeps the year and the day apart. */
function addDate(writer: ID3Writer, date: Date): void {
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  writer.setFrame('TYER', date.getUTCFullYear()).setFrame('TDAT', twoDigits(date.getUTCDate()) + twoDigits(date.getUTCMonth() + 1));
}

function addChapters(writer: ID3Writer, chapters: readonly Chapter[], durationMs: number): void {
  const ids = chapters.map((_, i) => `chp${i}`);
  addContents(writer, ids);
  chapters.forEach(({ title, startMs }, i) => {
    const endMs = chapters.at(i + 1)?.startMs ?? durationMs;
    const times = { startTime: Math.round(startMs), endTime: Math.round(endMs) };
    writer.setFrame('CHAP', { id: ids[i], ...times, subFrames: { TIT2: oneLine(title) } });
  });
}

/** What does not fit into a table is in one more, which is the last entry of the table before. */
function addContents(writer: ID3Writer, ids: readonly string[]): void {
  for (let table = 0, at = 0; at < ids.length; table++) {
    const fits = ids.length - at <= MOST_ENTRIES;
    const entries = ids.slice(at, fits ? ids.length : at + MOST_ENTRIES - 1);
    at += entries.length;
    const childElementIds = fits ? entries : [...entries, `toc${table + 1}`];
    writer.setFrame('CTOC', { id: `toc${table}`, topLevel: table === 0, ordered: true, childElementIds });
  }
}

/** A zero would end a text, and players show one line. */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is replaced.
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

function imageOf(cover: Uint8Array): ArrayBuffer {
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, i) => cover[i] === byte);
  if (!begins(0xff, 0xd8, 0xff) && !begins(0x89, 0x50, 0x4e, 0x47)) throw new RangeError('the cover is neither JPEG nor PNG');
  return Uint8Array.from(cover).buffer;
}
