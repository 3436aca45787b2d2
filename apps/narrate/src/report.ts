import type { Episode, EpisodePlan } from '@parley/episodes';
import type { ScriptProblem } from '@parley/narration';
import type { Output } from './command-line';
import { clock, count, megabytes } from './wording';

/** "script.md:3:7: message", as compilers and editors write it. */
export const describeProblems = (name: string, problems: readonly ScriptProblem[]): string =>
  problems.map(({ line, column, message }) => `${name}:${line}:${column}: ${message}\n`).join('');

/** What would be made; with the segments, if they are asked for. */
export function describePlan({ episode, estimate, speakers }: EpisodePlan, withSegments: boolean): string {
  const { title, model, segments, chapters } = episode;
  const lines = [
    `${title}: ${count(segments.length, 'segment')}, ${count(chapters.length, 'chapter')}, about ${clock(estimate.durationMs)}`,
    `Model ${model}; ${count(estimate.characters, 'character')}, billed as ${count(estimate.billedCharacters, 'character')}`,
    ...(speakers.length > 0 ? [`Speakers: ${speakers.join(', ')}`] : []),
  ];
  if (!withSegments) return `${lines.join('\n')}\n`;
  for (const [index, { speaker, text, voiceId, position }] of segments.entries()) {
    for (const chapter of chapters.filter(({ segment }) => segment === index)) lines.push('', `# ${chapter.title}`);
    const who = speaker === undefined ? voiceId : `${speaker} (${voiceId})`;
    lines.push(`${String(index + 1).padStart(4)}  line ${position.line}, ${who}, ${count(text.length, 'character')}: ${beginningOf(text)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What was made. */
export function describeEpisode({ output, progress }: Episode, outputs: readonly Output[]): string {
  if (!output) return '';
  const { durationMs, loudnessLufs, truePeakDbtp, bytesMp3, bytesWav } = output;
  const sound = `${clock(durationMs)}, ${loudnessLufs.toFixed(1)} LUFS, at most ${truePeakDbtp.toFixed(1)} dBTP`;
  const sizes = { mp3: bytesMp3, wav: bytesWav, vtt: undefined, srt: undefined };
  const files = outputs.map(({ path, type }) => (sizes[type] === undefined ? path : `${path} (${megabytes(sizes[type])})`));
  const cached = progress.cacheHits === 0 ? '' : `; ${count(progress.cacheHits, 'segment')} came from the cache`;
  return `${files.join(', ')}: ${sound}. ${count(progress.billedCharacters, 'character')} billed${cached}.\n`;
}

const SHOWN = 50;

const beginningOf = (text: string): string => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN).trimEnd()}…`);
