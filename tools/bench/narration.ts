/**
 * `npm run bench:narration [-- --only first-audio,episode,drops --times 30 --drops 20 --seed 1 --quick]`: live narration and episodes, with a simulated
 * vendor whose synthesis costs next to nothing. Prints Markdown. Needs `nx build api` first.
 */
import { parseArgs } from 'node:util';
import { spread } from './latency-tables';
import { measureEpisode, VENDOR_SPEED } from './narration/episode-making';
import { measureFirstAudio, VENDOR_MS } from './narration/first-audio';
import { type NarratedWords } from './narration/narrated-words';
import { measureDrops } from './narration/socket-drops';
import { machineFacts, printTable } from './report';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'first-audio,episode,drops' },
    times: { type: 'string', default: '30' },
    drops: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    /** Few narrations and short ones, to see that the bench works. */
    quick: { type: 'boolean', default: false },
  },
});
const sections = values.only.split(',');
/** At 15 characters a second, 200 of them are half an hour with their pauses. */
const SEGMENT_CHARACTERS = 130;

console.log('# Narration\n');
console.log(`${machineFacts()}. The vendor is simulated; its voice is one tone for each word.`);
if (sections.includes('first-audio')) await firstAudioSection(values.quick ? 5 : Number(values.times));
if (sections.includes('episode')) await episodeSection(values.quick ? 20 : 200);
if (sections.includes('drops')) await dropSection(Number(values.drops), values.quick ? 3_000 : 9_000, Number(values.seed));

async function firstAudioSection(times: number): Promise<void> {
  const { sentenceMs, atOnceMs, longMs } = await measureFirstAudio(times);
  printTable(
    `What is added to the vendor's time (${VENDOR_MS} ms) until the client has the first audio: median / 95 % / most, ms`,
    ['text', 'added', 'target'],
    [
      ['a sentence, while the narration is open', spread(sentenceMs, 1), 'median ≤ 5'],
      ['a sentence, right behind the start', spread(atOnceMs, 1), ''],
      ['5 000 characters at once', spread(longMs, 1), '≤ 250'],
    ],
  );
  console.log(`\n${times} narrations each, through the built server. Both ways through the loopback are in the figures.`);
}

async function episodeSection(segments: number): Promise<void> {
  const figures = await measureEpisode(segments, SEGMENT_CHARACTERS);
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  printTable(
    `An episode of ${figures.segments} segments, ${(figures.audioMs / 60_000).toFixed(1)} minutes`,
    ['what', 'figure', 'target'],
    [
      ['four segments at a time, until the files are there', seconds(figures.fourMs), ''],
      ['… of which after the last segment (processor time)', `${seconds(figures.assemblingMs)} (${seconds(figures.assemblingCpuMs)})`, ''],
      ['one segment at a time', seconds(figures.oneAtATimeMs), ''],
      ['times as fast with four', (figures.oneAtATimeMs / figures.fourMs).toFixed(2), '≥ 3.6'],
      ['growth of resident memory meanwhile, at most', `${(figures.memoryGrowthBytes / 1e6).toFixed(0)} MB`, '≤ 60 MB'],
      ['one segment changed: put together again (processor time)', `${seconds(figures.againMs)} (${seconds(figures.againCpuMs)})`, '≤ 5 s'],
      ['loudness', `${figures.loudnessLufs.toFixed(1)} LUFS`, '−16 ± 0.5'],
      ['true peak', `${figures.truePeakDbtp.toFixed(1)} dBTP`, '≤ −1.5'],
    ],
  );
  console.log(
    `\nThe vendor is a process of its own; its speech begins after 300 ms and comes ${VENDOR_SPEED} times faster than it is spoken, four streams at a time.`,
  );
}

async function dropSection(drops: number, characters: number, seed: number): Promise<void> {
  const figures = await measureDrops(drops, characters, seed);
  const row = (name: string, { words, missing, repeated, misplaced, heard, audioMs, largestStep }: NarratedWords) => [
    name,
    words,
    missing,
    repeated,
    misplaced,
    heard,
    (audioMs / 1_000).toFixed(1),
    largestStep,
  ];
  printTable(
    `The vendor's socket dropped at ${figures.drops} places of one narration (seed ${seed})`,
    ['narration', 'words', 'missing', 'repeated', 'misplaced', 'heard in the sound', 'seconds', 'largest step between samples'],
    [row('undisturbed', figures.undisturbed), row('dropped', figures.dropped)],
  );
  console.log(`\nConnections made again: ${figures.reconnects}; stretches over HTTP instead: ${figures.fallbacks}.`);
}
