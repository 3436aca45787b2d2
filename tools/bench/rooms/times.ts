import type { RoomsUnderTest } from '@parley/rooms/testing';
import { quantile } from '../quantile';
import { printTable } from '../report';
import { inRoom, measureAnswer, measureInterruption, measureJoin } from './room-turns';

async function repeat(turns: number, measure: () => Promise<number>): Promise<number[]> {
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

/** How soon an assistant is there, answers and stops. */
export async function measureTimes(rooms: RoomsUnderTest, turns: number): Promise<void> {
  const joins = await repeat(turns, () => measureJoin(rooms));
  const person = await inRoom(rooms);
  const answers = await repeat(turns, () => measureAnswer(person));
  const interruptions = await repeat(turns, () => measureInterruption(person));
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
