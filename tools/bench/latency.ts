/**
 * `npm run bench:latency [-- --only socket,browser,pauses,hops --scenario middle,adaptive --turns 30 …]`: how long a person waits for an
 * answer. Real recordings in real time through a real socket, and through Chromium, to the built server; the three vendors are simulated with
 * fixed delays. Prints Markdown. Needs `nx build api` and `nx build web` first.
 */
import { parseArgs } from 'node:util';
import { measurePlayedTurns, type PlayedTurn } from './browser-turns';
import { measureHops } from './hops';
import { environmentOf, type Scenario, SCENARIOS, titleOf } from './latency-scenarios';
import { printShares, printWaits, type ScenarioTurns, spread } from './latency-tables';
import { measureTurns } from './latency-turns';
import { measurePauses } from './pause-turns';
import { quantile } from './quantile';
import { machineFacts, printTable } from './report';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'socket,browser,pauses,hops' },
    /** The scenarios of these names, in the order of the list. */
    scenario: { type: 'string', default: '' },
    turns: { type: 'string', default: '30' },
    'browser-turns': { type: 'string', default: '10' },
    pauses: { type: 'string', default: '3' },
    'hop-sessions': { type: 'string', default: '100' },
    'hop-seconds': { type: 'string', default: '45' },
  },
});
const sections = values.only.split(',');
const named = values.scenario.split(',').filter((name) => name !== '');
const scenarios = SCENARIOS.filter(({ name }) => named.length === 0 || named.includes(name));
/** The scenarios measured in the browser: those with a target. */
const inBrowser = scenarios.filter(({ target }) => target !== undefined);

console.log('# Latency\n');
console.log(
  `${machineFacts()}. Simulated: all three vendors, with the delays in brackets (ms); the voices are synthetic. ` +
    'A silence of 900 ms ends the turn, unless adaptive. Median / 95 % / most, in ms.',
);
if (sections.includes('socket')) await socketSection(Number(values.turns));
if (sections.includes('browser')) await browserSection(Number(values['browser-turns']));
if (sections.includes('pauses')) await pauseSection(Number(values.pauses));
if (sections.includes('hops')) await hopSection(Number(values['hop-sessions']), Number(values['hop-seconds']));

async function socketSection(turns: number): Promise<void> {
  const results: ScenarioTurns[] = [];
  for (const scenario of scenarios) results.push({ scenario, measured: await measureTurns({ turns, env: environmentOf(scenario) }) });
  printWaits(results);
  printShares(results);
  console.log(`\n${turns} turns each.`);
}

async function browserSection(turns: number): Promise<void> {
  const results: { scenario: Scenario; played: PlayedTurn[] }[] = [];
  for (const scenario of inBrowser) results.push({ scenario, played: await measurePlayedTurns({ turns, env: environmentOf(scenario) }) });
  printTable(
    'To the first sample played in Chromium (at the output of the page’s audio graph)',
    ['scenario', 'from the last voiced sample in its microphone', "from the turn's end"],
    results.map(({ scenario, played }) => [
      titleOf(scenario),
      spread(played.map(({ voicedToPlayedMs }) => voicedToPlayedMs)),
      spread(played.map(({ turnEndToPlayedMs }) => turnEndToPlayedMs)),
    ]),
  );
  console.log(`\n${turns} turns each. Target of the 900 ms rule with middle delays: median ≤ 970, 95 % ≤ 1 000.`);
}

async function pauseSection(times: number): Promise<void> {
  const results = await measurePauses(times, { SIMULATOR_LATENCY: 'middle', TURN_TAKING: 'adaptive' });
  printTable(
    'Adaptive: sentences with a pause in them',
    ['recording', 'said', 'cut off', 'last voiced sample → first audio'],
    results.map(({ file, cutOff, voicedToAudioMs }) => [file, times, cutOff, spread(voicedToAudioMs)]),
  );
}

async function hopSection(sessions: number, seconds: number): Promise<void> {
  const figures = await measureHops(sessions, seconds * 1_000);
  const row = (hop: string, delaysMs: readonly number[]) => [
    hop,
    ...[0.5, 0.95, 0.99].map((part) => quantile(delaysMs, part).toFixed(2)),
    delaysMs.length,
  ];
  printTable(
    `What the server adds, ${sessions} sessions at once (target: median ≤ 1, 99 % ≤ 5)`,
    ['from → to, as the vendors see it', 'median', '95 %', '99 %', 'measured'],
    [
      row('final transcript sent → model asked', figures.finalToRequestMs),
      row('first token sent → voice asked', figures.tokenToSpeechMs),
      row('chunk of speech sent → at the client', figures.chunkToClientMs),
      row('meanwhile, to a process that only echoes and back', figures.bareEchoMs),
    ],
  );
  const { ownDelayMs: own, serverDelayMs: server } = figures;
  const delay = ({ median, p99 }: typeof own): string => `${median.toFixed(2)} / ${p99.toFixed(2)}`;
  console.log(
    `\nThe vendors are stand-ins in the bench's own process, without any delay; both ways through the loopback and the wait for a free core are in ` +
      `the figures. Drafts off. Event loop's delay, median / 99 %: bench ${delay(own)}, server ${delay(server)}.`,
  );
}
