/**
 * `npm run bench:rooms [-- --only times,hearing,curve --turns 10 --tones 20 --rooms 1,5,10,16,20 --seconds 12 --workers 1,2 --frames 10,20]`: rooms
 * with a real media server on this machine: how soon the assistant is there, answers, stops and hears, and what workers cost for one number of
 * rooms after the other. The workers have a core for themselves. The people, LiveKit's client for Node, are in this process; vendors that cost
 * nearly nothing are in another one. Prints Markdown. As it is, it takes about seven minutes. Needs `nx run-many -t build -p api,room-worker` first.
 */
import { parseArgs } from 'node:util';
import { endTestPeople } from '@parley/rooms/testing';
import { routeMediaLog } from '@parley/rooms/worker';
import { PINNABLE } from './capacity/pinned-process';
import { BENCH_CORE, pinBench, SERVER_CORE } from './capacity/pinned-server';
import { machineFacts } from './report';
import { measureCurve } from './rooms/curve';
import { measureHearing } from './rooms/hearing';
import { RoomsOfBench, type RoomsOfBenchOptions } from './rooms/rooms-of-bench';
import { measureTimes } from './rooms/times';

const PARTS = ['times', 'hearing', 'curve'];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join(',') },
    turns: { type: 'string', default: '10' },
    tones: { type: 'string', default: '20' },
    rooms: { type: 'string', default: '1,5,10,16,20' },
    seconds: { type: 'string', default: '12' },
    workers: { type: 'string', default: '1' },
    frames: { type: 'string', default: '20' },
  },
});
const listOf = (text: string): number[] => text.split(',').map(Number);
const parts = values.only.split(',');
const unknown = parts.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) throw new Error(`--only knows ${PARTS.join(', ')}, not ${unknown.join(', ')}`);
const frames = listOf(values.frames).map((ms) => {
  if (ms !== 10 && ms !== 20) throw new Error('--frames takes 10 and 20');
  return ms;
});

async function withRooms(options: RoomsOfBenchOptions, measure: (bench: RoomsOfBench) => Promise<void>): Promise<void> {
  const bench = await RoomsOfBench.start(options);
  try {
    await measure(bench);
  } finally {
    await bench.stop();
  }
}

routeMediaLog((text) => console.error(`the media package warns: ${text}`));
pinBench();
const cores = PINNABLE ? `Workers on core ${SERVER_CORE}, everything else on core ${BENCH_CORE}` : 'Nothing is pinned to a core here';
console.log(`# Rooms\n\n${machineFacts()}. ${cores}. Vendors simulated.`);
const [firstFrameMs = 20] = frames;
if (parts.includes('times')) {
  await withRooms({ workers: 1, frameMs: firstFrameMs }, ({ rooms }) => measureTimes(rooms, Number(values.turns)));
}
if (parts.includes('curve')) {
  for (const frameMs of frames) {
    for (const workers of listOf(values.workers)) {
      await withRooms({ workers, frameMs }, ({ rooms }) =>
        measureCurve(rooms, listOf(values.rooms), Number(values.seconds) * 1_000, frameMs),
      );
    }
  }
}
if (parts.includes('hearing')) await measureHearing(frames, Number(values.tones));
await endTestPeople();
console.log(`\nAfterwards: ${machineFacts()}`);
