/**
 * `npm run bench:capacity [-- --sessions 1,10,100,300,500 --seconds 20]`: how many live sessions one server process holds on one core.
 * Every session sends frames of 20 ms all the time and receives speech 40 % of the time; the neural voice detector is on. The vendors are
 * simulated in a process of their own, which shares the other core with this one. For comparison, a plain `ws` echo that does nothing with the
 * audio is measured too. Prints Markdown.
 * Needs `nx build api` first.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cycleFrames } from './capacity/conversation';
import { Load } from './capacity/load';
import { PinnedProcess, PINNABLE } from './capacity/pinned-process';
import { BENCH_CORE, pinBench, SERVER_CORE, startPinnedServer } from './capacity/pinned-server';
import { quantile } from './quantile';
import { machineFacts, printTable } from './report';

const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '1,10,100,300,500' }, seconds: { type: 'string', default: '20' } },
});
const levels = values.sessions.split(',').map(Number);
const seconds = Number(values.seconds);

/** The length of the callers' script. After it, the callers are spread evenly over the script. */
const WARM_UP_MS = 11_000;
const IDLE_SESSIONS = 200;
const LOOP_RESOLUTION_MS = 5;

const runTs = resolve('tools/run-ts.mjs');
const tool = (name: string): string => resolve('tools/bench/capacity', name);
const frames = cycleFrames();

interface Measured {
  sessions: number;
  cpuMsPerSessionSecond: number;
  cores: number;
  frameDelayP50Ms: number;
  frameDelayP99Ms: number;
  loopP99Ms: number;
  waitedShare: number;
  ownLoopP99Ms: number;
  speechShare: number;
  errors: number;
}

async function measure(target: PinnedProcess, url: string, sessions: number): Promise<Measured> {
  const load = await Load.start(url, sessions, frames);
  const ownLoop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  try {
    load.open();
    await sleep(WARM_UP_MS);
    load.takeFigures();
    await target.watchLoop();
    ownLoop.enable();
    const [cpuBefore, waitedBefore, before] = [target.cpuSeconds(), target.waitedSeconds(), performance.now()];
    await sleep(seconds * 1000);
    const [cpu, durationMs] = [target.cpuSeconds() - cpuBefore, performance.now() - before];
    const { heartbeatsMs, speechMs, errors } = load.takeFigures();
    return {
      sessions,
      cpuMsPerSessionSecond: (cpu * 1e6) / durationMs / sessions,
      cores: (cpu * 1000) / durationMs,
      frameDelayP50Ms: quantile(heartbeatsMs, 0.5),
      frameDelayP99Ms: quantile(heartbeatsMs, 0.99),
      waitedShare: ((target.waitedSeconds() - waitedBefore) * 1000) / durationMs,
      loopP99Ms: await target.loopP99Ms(),
      ownLoopP99Ms: Math.max(0, ownLoop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS),
      speechShare: speechMs / durationMs / sessions,
      errors,
    };
  } finally {
    ownLoop.disable();
    load.stop();
    // Sessions end a little after their sockets.
    await sleep(2_000);
  }
}

/** The memory of an idle session, in KB: the difference to a server without sessions. */
async function idleMemory(server: PinnedProcess, url: string): Promise<{ heapKb: number; residentKb: number; baseMb: number }> {
  const warm = await Load.start(url, 20, frames);
  warm.open();
  await sleep(WARM_UP_MS);
  warm.stop();
  await sleep(3_000);
  const base = await server.memory();
  const load = await Load.start(url, IDLE_SESSIONS, frames.slice(-100));
  load.open();
  await sleep(3_000);
  const held = await server.memory();
  load.stop();
  await sleep(3_000);
  return {
    heapKb: (held.heap - base.heap) / IDLE_SESSIONS / 1024,
    residentKb: (held.resident - base.resident) / IDLE_SESSIONS / 1024,
    baseMb: base.resident / 2 ** 20,
  };
}

async function startServer(vendors: PinnedProcess): Promise<{ server: PinnedProcess; url: string }> {
  const [sarvam = '', openai = '', elevenLabs = ''] = vendors.found;
  const { server, origin } = await startPinnedServer({ SARVAM_BASE_URL: sarvam, OPENAI_BASE_URL: openai, ELEVENLABS_BASE_URL: elevenLabs });
  return { server, url: `${origin.replace('http', 'ws')}/ws` };
}

const row = ({
  sessions,
  cpuMsPerSessionSecond,
  cores,
  frameDelayP50Ms,
  frameDelayP99Ms,
  loopP99Ms,
  waitedShare,
  ownLoopP99Ms,
  speechShare,
  errors,
}: Measured) => [
  sessions,
  cpuMsPerSessionSecond.toFixed(2),
  `${Math.round(cores * 100)} %`,
  `${frameDelayP50Ms.toFixed(1)} / ${frameDelayP99Ms.toFixed(1)}`,
  loopP99Ms.toFixed(1),
  `${Math.round(waitedShare * 100)} %`,
  ownLoopP99Ms.toFixed(1),
  `${Math.round(speechShare * 100)} %`,
  errors,
];

const HEADER = [
  'sessions',
  'CPU ms per session-second',
  'of one core',
  'frame there and back, median / 99 % (ms)',
  'event loop 99 % (ms)',
  'waited for the core',
  "the bench's own loop 99 % (ms)",
  'speech down',
  'errors',
];

async function main(): Promise<void> {
  pinBench();
  console.log(
    `${machineFacts()}\n\nServer on core ${SERVER_CORE}${PINNABLE ? '' : ' (not pinned on this system)'}; bench and simulated vendors on core ${BENCH_CORE}.`,
  );
  const vendors = await PinnedProcess.start({
    script: runTs,
    args: [tool('vendors.ts')],
    core: BENCH_CORE,
    ready: [/^sarvam (\S+)/, /^openai (\S+)/, /^elevenlabs (\S+)/],
  });
  const { server, url } = await startServer(vendors);
  try {
    const { heapKb, residentKb, baseMb } = await idleMemory(server, url);
    printTable(
      'Memory',
      ['what', 'value'],
      [
        ['base, after 20 sessions have come and gone', `${baseMb.toFixed(0)} MB resident`],
        [
          'idle session above the base, after a collection',
          `${heapKb.toFixed(0)} KB of heap and buffers, ${residentKb.toFixed(0)} KB resident`,
        ],
      ],
    );
    const measured: Measured[] = [];
    for (const sessions of levels) measured.push(await measure(server, url, sessions));
    printTable('Parley, one process on one core', HEADER, measured.map(row));
  } finally {
    await server.stop();
    await vendors.stop();
  }
  const echo = await PinnedProcess.start({ script: runTs, args: [tool('echo.ts')], core: SERVER_CORE, ready: [/^echo (\S+)/] });
  try {
    const measured: Measured[] = [];
    for (const sessions of levels) measured.push(await measure(echo, echo.found[0] ?? '', sessions));
    printTable('Bare ws echo, the limit', HEADER, measured.map(row));
  } finally {
    await echo.stop();
  }
}

await main();
