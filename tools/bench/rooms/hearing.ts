import { setTimeout as sleep } from 'node:timers/promises';
import { FRAME_MS } from '@parley/protocol';
import { LiveKitServer, roomToken, TestPerson } from '@parley/rooms/testing';
import { RoomParticipant, type RoomParticipantOptions } from '@parley/rooms/worker';
import { quantile } from '../quantile';
import { printTable } from '../report';

type EngineFactory = NonNullable<RoomParticipantOptions['engines']['pipeline']>;
type EngineDescription = ReturnType<EngineFactory['describe']>;
type Connection = Parameters<EngineFactory['open']>[0];
type Conversation = Awaited<ReturnType<EngineFactory['open']>>;

const NO_LOG = { debug: () => undefined, warn: () => undefined, error: () => undefined };
const ROOM = 'hearing';
const IDENTITY = 'agent-of-the-bench';
const TONE_SAMPLES = 3_200;
const LOUD = 3_000;
const PAUSE_MS = 300;
const SETTLE_MS = 2_000;
const LOST_AFTER_MS = 3_000;

/** A tone of 200 ms (16 kHz) that is loud from its first sample on. */
const TONE = Int16Array.from({ length: TONE_SAMPLES }, (_, index) => Math.round(12_000 * Math.cos((2 * Math.PI * 440 * index) / 16_000)));

/** An engine that only listens, and notes when it was given loud frames. */
class Listener implements EngineFactory {
  /** When it was given them (`performance.now()`). */
  readonly loudMs: number[] = [];

  describe(): EngineDescription {
    return { providers: {}, endOfTurnSilenceMs: 900, inactivityTimeoutMs: 60_000 };
  }

  open({ emit }: Connection): Promise<Conversation> {
    emit({ type: 'state_changed', phase: 'USER_SPEAKING', turn: 1 });
    return Promise.resolve({
      isInTurn: false,
      pushAudio: (pcm) => {
        if (pcm.some((sample) => Math.abs(sample) > LOUD)) this.loudMs.push(performance.now());
      },
      pushText: () => undefined,
      interrupt: () => undefined,
      reportPlayback: () => undefined,
      memory: () => ({ messages: [], earlier: [], turn: 1 }),
      end: () => undefined,
    });
  }
}

async function delaysOf(server: LiveKitServer, frameMs: 10 | 20, count: number): Promise<{ delaysMs: number[]; lost: number }> {
  const { url } = server;
  const listener = new Listener();
  const assistant = await RoomParticipant.join({
    job: {
      jobId: 'bench',
      identity: IDENTITY,
      room: ROOM,
      url,
      token: await roomToken(server, { room: ROOM, identity: IDENTITY }),
      metadata: '',
    },
    engines: { pipeline: listener },
    toMessage: () => undefined,
    ...{ memory: undefined, onMemory: () => undefined, onReconnecting: () => undefined, onReconnected: () => undefined },
    onEnded: () => undefined,
    microphoneFrameMs: frameMs,
    logger: NO_LOG,
  });
  // Joining holds this process up, and what a microphone has missed by that would wait in front of it from then on.
  await sleep(SETTLE_MS);
  const person = await TestPerson.join({ url, token: await roomToken(server, { room: ROOM, identity: 'asha' }) });
  const delaysMs: number[] = [];
  let lost = 0;
  try {
    await sleep(SETTLE_MS);
    for (let tone = 0; tone < count; tone++) {
      const before = listener.loudMs.length;
      const saidMs = await person.say(TONE);
      const giveUpMs = performance.now() + LOST_AFTER_MS;
      while (listener.loudMs.length === before && performance.now() < giveUpMs) await sleep(2);
      const heardMs = listener.loudMs[before];
      if (heardMs === undefined) lost += 1;
      else delaysMs.push(heardMs - saidMs);
      await sleep(PAUSE_MS);
    }
  } finally {
    await assistant.leave('shutdown');
    await person.leave();
  }
  return { delaysMs, lost };
}

/**
 * How long sound takes from a microphone to the engine, with the product's own participant, in this process. The times contain the frame in which a
 * sample is captured and the one in which it is given.
 */
export async function measureHearing(frames: readonly (10 | 20)[], count: number): Promise<void> {
  const server = await LiveKitServer.start();
  try {
    const rows: (string | number)[][] = [];
    for (const frameMs of frames) {
      const { delaysMs, lost } = await delaysOf(server, frameMs, count);
      rows.push([frameMs, delaysMs.length, ...[0.5, 0.95, 1].map((part) => Math.round(quantile(delaysMs, part))), lost]);
    }
    printTable(
      `First sample of a sound → the conversation has its frame of ${FRAME_MS} ms (ms; target p50 ≤ 40)`,
      ['frames of the client (ms)', 'n', 'p50', 'p95', 'max', 'not heard'],
      rows,
    );
  } finally {
    await server.stop();
  }
}
