/**
 * The hostile clients of `npm run bench:abuse`, in a process of their own: `attacker.ts <url> <seed> <address>`. Reads lines of JSON from its
 * standard input, each with the name of an attack and its scale, and prints what happened as a line of JSON.
 */
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { seededRandom } from '@parley/simulator';
import { ATTACKS } from '@parley/testing/abuse';

const LESS_THAN_THE_SERVER = 10;
const [url = '', seed, from] = process.argv.slice(2);

// On another machine the hostile clients would not take processor time from the server.
setPriority(LESS_THAN_THE_SERVER);
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { name, scale } = JSON.parse(line) as { name: string; scale: number };
  const attack = ATTACKS.find((candidate) => candidate.name === name);
  if (!attack) throw new Error(`there is no attack "${name}"`);
  const tally = await attack.run({ server: { url }, scale, random: seededRandom(Number(seed), name), from });
  process.stdout.write(`${JSON.stringify(tally)}\n`);
}
