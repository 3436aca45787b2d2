/**
 * `npm run bench:rooms [-- --turns 20 --rooms 1,5,10,16,20 --seconds 20]`: rooms with a real media server on this machine: how soon the assistant is
 * there, answers and stops, and what a worker costs for one room after the other. The people are LiveKit's client for Node, in this process; the vendors
 * are the built-in simulator. Prints Markdown. Needs `nx run-many -t build -p api,room-worker` first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RoomsUnderTest, type TestPerson } from '@parley/rooms/testing';
import { fixture } from '@parley/testing/client';
import { quantile } from './quantile';
import { machineFacts, printTable } from './report';
import { costOf } from './rooms/process-cost';
import { inRoom, measureAnswer, measureInterruption, measureJoin } from './rooms/room-turns';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '20' },
    rooms: { type: 'string', default: '1,5,10,16,20' },
    seconds: { type: 'string', default: '20' },
  },
});
const turns = Number(values.turns);
const counts = values.rooms.split(',').map(Number);
const durationMs = Number(values.seconds) * 1_000;

const SETTLE_MS = 3_000;

async function repeat(measure: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  while (times.length < turns) times.push(await measure());
  return times;
}

const row = (what: string, times: readonly number[], target: string): (string | number)[] => [
  what,
  times.length,
  ...[0.5, 0.95, 1].map((part) => Math.round(quantile(times, part))),
  target,
];

async function measureTimes(rooms: RoomsUnderTest): Promise<void> {
  const joins = await repeat(() => measureJoin(rooms));
  const person = await inRoom(rooms);
  const answers = await repeat(() => measureAnswer(person));
  const interruptions = await repeat(() => measureInterruption(person));
  await rooms.everybodyLeaves();
  printTable(
    'Times in a room (ms)',
    ['from … to', 'n', 'p50', 'p95', 'max', 'target'],
    [
      row('request for a token → the assistant’s voice subscribed', joins, 'p50 ≤ 800'),
      row('last voiced sample → first sample heard (900 ms rule)', answers, 'p50 ≤ 1100'),
      row('decision to stop → last sample heard', interruptions, 'p95 ≤ 250'),
    ],
  );
}

/** Everybody speaks all the time, so that nothing of the work of hearing is left out. */
async function speakAllTheTime(people: readonly TestPerson[], untilMs: number): Promise<void> {
  const { pcm } = fixture('clean-story.wav');
  const speak = async (person: TestPerson): Promise<void> => {
    while (performance.now() < untilMs) await person.say(pcm);
  };
  await Promise.all(people.map(speak));
}

async function measureCosts(rooms: RoomsUnderTest): Promise<void> {
  const [worker] = rooms.workers;
  const { memoryMb: baseMb } = costOf(worker.pid);
  const rows: (string | number)[][] = [];
  for (const count of counts) {
    const people: TestPerson[] = [];
    while (people.length < count) people.push(await inRoom(rooms));
    await sleep(SETTLE_MS);
    const [workerBefore, mediaBefore, startedAtMs] = [costOf(worker.pid), costOf(rooms.media.pid), performance.now()];
    const speaking = speakAllTheTime(people, startedAtMs + durationMs);
    await sleep(durationMs / 2);
    const delayMs = (await worker.metric('parley_room_worker_event_loop_delay_seconds')) * 1_000;
    await speaking;
    const roomSeconds = (count * (performance.now() - startedAtMs)) / 1_000;
    const [workerAfter, mediaAfter] = [costOf(worker.pid), costOf(rooms.media.pid)];
    rows.push([
      count,
      ((workerAfter.cpuMs - workerBefore.cpuMs) / roomSeconds).toFixed(1),
      ((mediaAfter.cpuMs - mediaBefore.cpuMs) / roomSeconds).toFixed(1),
      ((workerAfter.memoryMb - baseMb) / count).toFixed(1),
      delayMs.toFixed(1),
    ]);
    await rooms.everybodyLeaves();
    await sleep(SETTLE_MS);
  }
  const header = [
    'rooms',
    'worker, CPU ms per room and s',
    'media server, CPU ms per room and s',
    'worker, MB per room',
    'event loop late, p90, ms',
  ];
  printTable(`One worker, everybody speaking (base: ${baseMb.toFixed(0)} MB; targets at 16 rooms: ≤ 45 ms, ≤ 12 MB)`, header, rows);
}

const rooms = await RoomsUnderTest.start({ workers: 1, env: { ROOM_WORKER_SLOTS: '64' } });
try {
  console.log(`# Rooms\n\n${machineFacts()}. Media server, worker, API and people share the machine; vendors simulated.`);
  await measureTimes(rooms);
  await measureCosts(rooms);
  console.log(`\nAfterwards: ${machineFacts()}`);
} finally {
  await rooms.stop();
}
