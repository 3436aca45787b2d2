/**
 * `npm run bench:soak [-- --sessions 50 --minutes 10 --rounds 10 --seed 1]`: clients connect to the built server, talk, interrupt and leave,
 * faster than people do. Between the rounds, when no client is connected, the server's resources are counted. Prints Markdown; fails if any
 * resource was not released.
 * Needs `nx build api` first.
 */
import { parseArgs } from 'node:util';
import { excessOver, type SoakSample, SoakEnvironment } from '@parley/testing/client';
import { machineFacts, printTable } from './report';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '50' },
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '20261120' },
  },
});
const sessions = Number(values.sessions);
const minutes = Number(values.minutes);
const rounds = Number(values.rounds);
const seed = Number(values.seed);

/** Growth caused by the garbage collector and compiled code; a leak of 1 KB per visit is several times as much. */
const FLAT_BYTES_PER_MINUTE = 200 * 1_024;

const kib = (bytes: number): string => (bytes / 1_024).toFixed(0);
const counted = ({ resources, abortListeners, abortSignals }: SoakSample): (string | number)[] => [
  resources['TCPSocketWrap'] ?? 0,
  resources['Timeout'] ?? 0,
  resources['ProcessWrap'] ?? 0,
  abortSignals,
  abortListeners,
];

console.log('# Soak\n');
console.log(`${machineFacts()}. ${sessions} conversations at a time for ${minutes} minutes, seed ${seed}. Simulated: all three vendors.`);
const world = await SoakEnvironment.start();
const { samples, tally, heapSlopeBytesPerMinute } = await world.soak({ sessions, rounds, seed, roundMs: (minutes * 60_000) / rounds });
await world.close();

printTable(
  'Held by the server when nobody is there, after a forced collection',
  ['minutes of traffic', 'visits', 'heap, KiB', 'sockets', 'timers', 'child processes', 'abort signals', 'abort listeners'],
  samples.map((sample) => [(sample.afterMs / 60_000).toFixed(2), sample.visits, kib(sample.heapBytes), ...counted(sample)]),
);
printTable(
  'What happened',
  ['what', 'times'],
  Object.entries(tally).sort(([, a], [, b]) => b - a),
);
const [base] = samples;
const last = samples.at(-1);
const excess = base && last ? excessOver(base, last) : ['no sample was taken'];
console.log(
  `\nThe heap grows by ${kib(heapSlopeBytesPerMinute)} KiB a minute (least squares; flat: at most ${kib(FLAT_BYTES_PER_MINUTE)}).`,
);
console.log(excess.length === 0 ? 'Everything is back to the base line.' : `Beyond the base line: ${excess.join('; ')}.`);
if (excess.length > 0 || heapSlopeBytesPerMinute > FLAT_BYTES_PER_MINUTE) process.exitCode = 1;
