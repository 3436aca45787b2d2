/**
 * `npm run bench:abuse [-- --scale 1 --conversations 20 --seconds 60 --seed 20261201]`: what hostile clients do to the built server, and to the
 * honest conversations beside them. First those alone for so many seconds; then every attack, one after the other; then the memory that is left.
 * Prints Markdown; fails when a turn is lost, when the honest wait a fifth longer, when memory is not given back, or when the server shows
 * a defect or a key in its log. The allocator's settings are those of the image.
 * Needs `nx build api` first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AbuseEnvironment, allocatorSettings, ATTACKS, HonestConversations, type HonestFigures } from '@parley/testing/abuse';
import type { Memory } from '@parley/testing/client';
import { AttackerProcess } from './abuse/attacker-process';
import { quantile } from './quantile';
import { machineFacts, printTable } from './report';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    conversations: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '20261201' },
  },
});
const [scale, conversations, seconds, seed] = [values.scale, values.conversations, values.seconds, values.seed].map(Number);

const MOST_LATENCY_GROWTH = 1.2;
const MOST_GROWTH: Memory = { heapBytes: 1.1, externalBytes: 1.1, residentBytes: 1.25 };
/** The first attacks compile code and fill caches that are kept. */
const WARM_UP_SCALE = 0.05;
const ANSWERS_AFTER = conversations * 2;
const ANSWERS_TIMEOUT_MS = 120_000;

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const faults: string[] = [];

const latencyRow = (what: string, { typedMs, spokenMs }: HonestFigures): (string | number)[] => [
  what,
  typedMs.length + spokenMs.length,
  ...[typedMs, spokenMs].flatMap((waits) => [quantile(waits, 0.5), quantile(waits, 0.99)].map((ms) => ms.toFixed(0))),
];

const joined = (all: readonly HonestFigures[]): HonestFigures => ({
  typedMs: all.flatMap(({ typedMs }) => typedMs),
  spokenMs: all.flatMap(({ spokenMs }) => spokenMs),
});

async function warmUp({ server }: AbuseEnvironment, attacker: AttackerProcess): Promise<void> {
  const honest = await HonestConversations.start({ server, conversations, speak: true });
  for (const attack of ATTACKS) await attacker.attack(attack, WARM_UP_SCALE * scale);
  await honest.answered(ANSWERS_AFTER, ANSWERS_TIMEOUT_MS);
  await honest.end();
}

async function attackBesideHonest({ server }: AbuseEnvironment, attacker: AttackerProcess): Promise<void> {
  const honest = await HonestConversations.start({ server, conversations, speak: true });
  await sleep(seconds * 1_000);
  const alone = honest.takeFigures();
  const rows = [latencyRow('nobody', alone)];
  const tallies: (string | number)[][] = [];
  const during: HonestFigures[] = [];
  for (const attack of ATTACKS) {
    const startMs = performance.now();
    const tally = await attacker.attack(attack, scale);
    tallies.push([attack.name, ((performance.now() - startMs) / 1_000).toFixed(0), JSON.stringify(tally)]);
    during.push(honest.takeFigures());
    rows.push(latencyRow(attack.name, joined(during.slice(-1))));
  }
  await honest.answered(ANSWERS_AFTER, ANSWERS_TIMEOUT_MS);
  await honest.end();
  const all = joined(during);
  rows.push(latencyRow('all attacks', all));
  printTable('What the hostile clients did', ['attack', 'seconds', 'what happened'], tallies);
  printTable(
    `${conversations} honest conversations`,
    ['beside', 'turns', 'typed, median (ms)', 'typed, 99 % (ms)', 'spoken, median (ms)', 'spoken, 99 % (ms)'],
    rows,
  );
  for (const kind of ['typedMs', 'spokenMs'] as const) {
    const growth = quantile(all[kind], 0.99) / quantile(alone[kind], 0.99);
    if (!(growth < MOST_LATENCY_GROWTH)) faults.push(`${kind} at 99 % became ${growth.toFixed(2)} times as long`);
  }
}

console.log('# Abuse\n');
console.log(`${machineFacts()}. Scale ${scale}, ${conversations} honest conversations, seed ${seed}. Simulated: all three vendors.`);
const world = await AbuseEnvironment.withVendors(allocatorSettings());
const attacker = await AttackerProcess.start(world.server.url, seed);
await warmUp(world, attacker);
const before = await world.memoryAtRest();
await attackBesideHonest(world, attacker);
attacker.stop();
const KINDS = ['heapBytes', 'externalBytes', 'residentBytes'] as const;
const ceiling: Record<(typeof KINDS)[number], number> = { ...before };
for (const kind of KINDS) ceiling[kind] = before[kind] * MOST_GROWTH[kind];
const after = await world.memoryAtRest(ceiling);
printTable(
  'Memory with nobody connected, after a collection',
  ['what', 'before (MiB)', 'after (MiB)', 'at most (MiB)'],
  KINDS.map((kind) => [kind.replace('Bytes', ''), mib(before[kind]), mib(after[kind]), mib(ceiling[kind])]),
);
for (const kind of KINDS) if (after[kind] > ceiling[kind]) faults.push(`${kind}: ${mib(after[kind])} MiB, not ${mib(ceiling[kind])}`);
for (const key of world.keysInLog()) faults.push(`the log has the key ${key}`);
await world.close();
console.log(faults.length === 0 ? '\nNothing was lost, and everything is given back.' : `\nNot as it should be: ${faults.join('; ')}.`);
if (faults.length > 0) process.exitCode = 1;
