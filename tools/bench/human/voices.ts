import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Prompts of telephone systems, spoken by professional speakers: one Debian package for each language. */
export interface HumanVoice {
  readonly language: string;
  readonly packageName: string;
  /** Where the package has its sounds. */
  readonly folder: string;
}

const SOUNDS = 'usr/share/asterisk/sounds';
const FOLDERS: Readonly<Record<string, string>> = {
  en: 'en_US_f_Allison',
  es: 'es_MX_f_Allison',
  fr: 'fr_CA_f_June',
  it: 'it_IT_m_Carlo',
  ru: 'ru_RU_f_IvrvoiceRU',
};

export const HUMAN_VOICES: readonly HumanVoice[] = Object.entries(FOLDERS).map(([language, folder]) => ({
  language,
  packageName: `asterisk-core-sounds-${language}-g722`,
  folder: join(SOUNDS, folder),
}));

/** A sound of a package, decoded. */
export interface Prompt {
  /** Its path within the package's sounds, without the ending. */
  readonly name: string;
  /** PCM s16 mono 16 kHz. */
  readonly pcm: Int16Array;
}

const RATE_HZ = 16_000;
/** Decoded by one process: as many as a command line can name. */
const BATCH = 100;

/** What is missing on this machine, in plain words. */
export class MissingTool extends Error {}

/** The prompts of a voice, from the installed package or from one that is fetched into `cache` (once). */
export async function promptsOf(voice: HumanVoice, cache: string): Promise<Prompt[]> {
  const installed = join('/', voice.folder);
  const sounds = existsSync(installed) ? installed : await unpacked(voice, join(cache, voice.packageName));
  const names = (await readdir(sounds, { recursive: true }))
    .filter((file) => file.endsWith('.g722'))
    .map((file) => file.slice(0, -'.g722'.length))
    .sort();
  const decoded = join(cache, 'decoded', voice.language);
  await decodeMissing(names, sounds, decoded);
  return Promise.all(names.map(async (name) => ({ name, pcm: samplesOf(await readFile(join(decoded, fileOf(name)))) })));
}

async function unpacked({ packageName, folder }: HumanVoice, into: string): Promise<string> {
  const sounds = join(into, 'root', folder);
  if (existsSync(sounds)) return sounds;
  await mkdir(into, { recursive: true });
  const way = `install the Debian package ${packageName}, or have apt-get and dpkg and a package list that knows it (apt-get update)`;
  await tool('apt-get', ['download', packageName], way, into);
  const archive = (await readdir(into)).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new MissingTool(way);
  await tool('dpkg', ['-x', archive, 'root'], way, into);
  if (!existsSync(sounds)) throw new MissingTool(`${archive} has no ${folder}`);
  return sounds;
}

async function decodeMissing(names: readonly string[], from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const missing = names.filter((name) => !existsSync(join(to, fileOf(name))));
  for (let at = 0; at < missing.length; at += BATCH) {
    const batch = missing.slice(at, at + BATCH);
    const inputs = batch.flatMap((name) => ['-f', 'g722', '-i', join(from, `${name}.g722`)]);
    const outputs = batch.flatMap((name, index) => [
      '-map',
      `${index}:a`,
      '-ar',
      `${RATE_HZ}`,
      '-ac',
      '1',
      '-f',
      's16le',
      join(to, fileOf(name)),
    ]);
    await tool('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...inputs, ...outputs], 'install ffmpeg');
  }
}

async function tool(command: string, args: readonly string[], way: string, cwd?: string): Promise<void> {
  try {
    await run(command, [...args], { cwd });
  } catch (error) {
    throw new MissingTool(`${command} did not work: ${way}.\n${error instanceof Error ? error.message.slice(0, 500) : ''}`);
  }
}

const fileOf = (name: string): string => `${name.replaceAll('/', '__')}.s16`;

const samplesOf = (bytes: Buffer): Int16Array =>
  Int16Array.from({ length: Math.floor(bytes.length / Int16Array.BYTES_PER_ELEMENT) }, (_, index) => bytes.readInt16LE(index * 2));
