import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RoomsUnderTest, TestPerson } from '@parley/rooms/testing';
import { fixture } from '@parley/testing/client';
import { quantile } from '../quantile';
import { printTable } from '../report';
import { costOf, type ProcessCost } from './process-cost';
import { inRoom } from './room-turns';
import { type Concealment, concealmentOf, voiceGapsMs } from './voice-gaps';

const SETTLE_MS = 3_000;
const CYCLE_MS = 10_000;
const JOINS_AT_ONCE = 2;
const LOOP_RESOLUTION_MS = 5;

/** In each 10 s somebody asks for 1.4 s and is answered for 4 s; everybody at another moment. Microphones are open all the time. */
async function talk(people: readonly TestPerson[], untilMs: number): Promise<void> {
  const { pcm } = fixture('clean-sum.wav');
  const talkOf = async (person: TestPerson, index: number): Promise<void> => {
    await sleep((index * CYCLE_MS) / people.length);
    while (performance.now() < untilMs) {
      await person.say(pcm);
      await sleep(Math.max(0, Math.min(CYCLE_MS - pcm.length / 16, untilMs - performance.now())));
    }
  };
  await Promise.all(people.map(talkOf));
}

async function peopleInRooms(rooms: RoomsUnderTest, count: number): Promise<TestPerson[]> {
  const people: TestPerson[] = [];
  while (people.length < count) {
    const next = Array.from({ length: Math.min(JOINS_AT_ONCE, count - people.length) }, () => inRoom(rooms));
    people.push(...(await Promise.all(next)));
  }
  return people;
}

const sumOf = (costs: readonly ProcessCost[]): ProcessCost => ({
  cpuMs: costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  memoryMb: costs.reduce((sum, { memoryMb }) => sum + memoryMb, 0),
});

async function measureCount(rooms: RoomsUnderTest, count: number, durationMs: number, baseMb: number): Promise<(string | number)[]> {
  const workersCost = (): ProcessCost => sumOf(rooms.workers.map(({ pid }) => costOf(pid)));
  const people = await peopleInRooms(rooms, count);
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  try {
    await sleep(SETTLE_MS);
    const concealedBefore = await concealmentOf(people);
    const [before, mediaBefore, startedAtMs] = [workersCost(), costOf(rooms.media.pid), performance.now()];
    loop.enable();
    const talking = talk(people, startedAtMs + durationMs);
    await sleep(durationMs);
    const [after, mediaAfter, endedAtMs] = [workersCost(), costOf(rooms.media.pid), performance.now()];
    loop.disable();
    const late = await Promise.all(rooms.workers.map((worker) => worker.metric('parley_room_worker_event_loop_delay_seconds')));
    const concealed = shareOf(concealedBefore, await concealmentOf(people));
    await talking;
    const roomSeconds = (count * (endedAtMs - startedAtMs)) / 1_000;
    return [
      count,
      ((after.cpuMs - before.cpuMs) / roomSeconds).toFixed(1),
      `${Math.round(((after.cpuMs - before.cpuMs) * 100) / (endedAtMs - startedAtMs))} %`,
      ((mediaAfter.cpuMs - mediaBefore.cpuMs) / roomSeconds).toFixed(1),
      ((after.memoryMb - baseMb) / count).toFixed(1),
      (Math.max(...late) * 1_000).toFixed(1),
      quantile(voiceGapsMs(people, startedAtMs, endedAtMs), 0.99).toFixed(1),
      `${(concealed * 100).toFixed(2)} %`,
      Math.max(0, loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS).toFixed(1),
    ];
  } finally {
    loop.disable();
    await rooms.everybodyLeaves();
    await sleep(SETTLE_MS);
  }
}

const shareOf = (before: Concealment, after: Concealment): number =>
  (after.concealed - before.concealed) / Math.max(1, after.total - before.total);

const HEADER = [
  'rooms',
  'workers, CPU ms per room and s',
  'of the core',
  'media server, CPU ms per room and s',
  'workers, MB per room',
  'event loop late, p90, ms',
  'frame gap at the listener, p99, ms',
  'of the voice made up',
  "the bench's own loop, p99, ms",
];

/** What workers cost for one number of rooms after the other. */
export async function measureCurve(rooms: RoomsUnderTest, counts: readonly number[], durationMs: number, frameMs: number): Promise<void> {
  const { memoryMb: baseMb } = sumOf(rooms.workers.map(({ pid }) => costOf(pid)));
  const rows: (string | number)[][] = [];
  for (const count of counts) rows.push(await measureCount(rooms, count, durationMs, baseMb));
  const { length } = rooms.workers;
  const title = `${length} ${length === 1 ? 'worker' : 'workers'}, frames of ${frameMs} ms`;
  printTable(`${title} (base: ${baseMb.toFixed(0)} MB; targets at 16 rooms: ≤ 45 ms, ≤ 12 MB, gap ≤ 25 ms)`, HEADER, rows);
}
