import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, rm, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { type Writable } from 'node:stream';
import { commitFile, unfinishedPathOf } from './atomic-file';
import { ffmpegMetadata } from './ffmpeg-metadata';
import { type EpisodeTag } from './id3-tag';
import { imageType } from './image-type';

/** What to tell a user for whom `findM4bEncoder` found nothing. */
export const NO_M4B_ENCODER = 'M4B files need ffmpeg on the machine of the server: install it, or set FFMPEG_PATH to where it is';

export interface M4bFileOptions {
  /** Found by `findM4bEncoder`. */
  readonly encoderPath: string;
  /** The episode as a WAV or MP3 file. */
  readonly inputPath: string;
  readonly tag: EpisodeTag;
  /** In kbit/s. Default 64. */
  readonly bitrateKbps?: number;
}

/** How much of what the encoder says about an error is kept. */
const ERROR_CHARACTERS = 500;

/** ffmpeg at `FFMPEG_PATH`, else in a folder of `PATH`; undefined where there is none. */
export async function findM4bEncoder(environment: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const { FFMPEG_PATH: set, PATH: folders = '' } = environment;
  const candidates = set
    ? [resolve(set)]
    : folders
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, 'ffmpeg'));
  for (const path of candidates) if (await isExecutable(path)) return path;
  return undefined;
}

/**
 * Makes an audiobook of an episode, with tags, cover and chapters: AAC in MP4, by the user's own encoder, because AAC has no free encoder that
 * a package could bring. Resolves with its size in bytes. The file is under its name when it is whole.
 *
 * @throws Error with the encoder's words when it fails; RangeError when the cover is neither JPEG nor PNG; the signal's reason.
 */
export async function writeM4bFile(path: string, options: M4bFileOptions, signal?: AbortSignal): Promise<number> {
  const unfinishedPath = unfinishedPathOf(path);
  const parameters = parametersFor(unfinishedPath, options);
  try {
    await run(options.encoderPath, parameters, options.tag, signal);
    const { size } = await stat(unfinishedPath);
    await commitFile(unfinishedPath, path);
    return size;
  } catch (error) {
    await rm(unfinishedPath, { force: true });
    signal?.throwIfAborted();
    throw error;
  }
}

/** The tags come by the standard input, the cover by the next free descriptor. */
function parametersFor(outputPath: string, { inputPath, tag, bitrateKbps = 64 }: M4bFileOptions): string[] {
  const cover = tag.cover && ['-f', `${imageType(tag.cover)}_pipe`, '-i', 'pipe:3'];
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostats'],
    ...['-i', `file:${inputPath}`, '-f', 'ffmetadata', '-i', 'pipe:0', ...(cover ?? [])],
    ...['-map', '0:a', '-map_metadata', '1', '-map_chapters', '1', '-c:a', 'aac', '-b:a', `${bitrateKbps}k`],
    ...(cover ? ['-map', '2:v', '-c:v', 'copy', '-disposition:v:0', 'attached_pic'] : []),
    ...['-movflags', '+faststart', '-f', 'ipod', `file:${outputPath}`],
  ];
}

async function run(encoderPath: string, parameters: readonly string[], tag: EpisodeTag, signal: AbortSignal | undefined): Promise<void> {
  // Without the environment, which holds keys.
  const encoder = spawn(encoderPath, parameters, { env: {}, stdio: ['pipe', 'ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
  let words = '';
  encoder.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-ERROR_CHARACTERS)));
  feed(encoder.stdio[0], ffmpegMetadata(tag));
  feed(encoder.stdio[3], tag.cover ?? '');
  const [code] = (await once(encoder, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the encoder could not make the M4B file: ${words.trim() || `it ended with ${String(code)}`}`);
}

/** Ignores that the encoder may be gone: how it ended says more. */
function feed(stream: unknown, content: string | Uint8Array): void {
  (stream as Writable).on('error', () => undefined).end(content);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
