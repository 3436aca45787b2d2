import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { FRAME_MS } from '@parley/protocol';
import { ConversationClient, fixture } from '@parley/testing/client';
import { BareEcho } from './bare-echo';
import { pinBench, startPinnedServer } from './capacity/pinned-server';
import { HopVendors } from './hop-vendors';

/** The delay that the server adds between two vendors, or between a vendor and the client, for each turn, in ms, with two trips through loopback. */
export interface HopFigures {
  sessions: number;
  turns: number;
  finalToRequestMs: number[];
  tokenToSpeechMs: number[];
  chunkToClientMs: number[];
  /** Round trips at the same time to a process that only echoes. They show which part of the delays is caused by the machine. */
  bareEchoMs: number[];
  /** The event loop delay of this process (50 % and 99 %), which limits the accuracy of the figures. */
  ownDelayMs: { median: number; p99: number };
  /** The same for the server's event loop, from its metrics. */
  serverDelayMs: { median: number; p99: number };
}

const NANOSECONDS = 1e6;
const MS_PER_SECOND = 1_000;
const METRICS_TIMER_MS = 10;
/**
 * Sessions begin to talk one after the other, spread over about the length of a turn, so that their turns do not all begin at once. One frame
 * is added, because microphones that begin whole frames apart would always send their frames at the same time.
 */
const START_SPREAD_MS = 3_000 + FRAME_MS;
/** The first turns of a process are its slowest, because connections are made and code is compiled. */
const WARM_UP_MS = 8_000;
const TURN_TIMEOUT_MS = 30_000;

/**
 * Holds `sessions` conversations at once for `durationMs`, in real time, with vendors that have no delay. Drafts are off, so that every hop
 * delays the answer.
 */
export async function measureHops(sessions: number, durationMs: number): Promise<HopFigures> {
  const vendors = await HopVendors.start();
  const { server, origin } = await startPinnedServer({ ...vendors.env, PREEMPTIVE_GENERATION: 'false' });
  pinBench();
  const echo = await BareEcho.start();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const chunkToClientMs: number[] = [];
  try {
    const clients = await Promise.all(
      Array.from({ length: sessions }, async () => {
        const client = await ConversationClient.connect(origin, { playbackSpeed: 8 });
        await client.start();
        return client;
      }),
    );
    const untilMs = performance.now() + durationMs + WARM_UP_MS;
    const talks = clients.map(async (client, index) => {
      await sleep((index / sessions) * START_SPREAD_MS);
      await talk(client, vendors, untilMs, chunkToClientMs);
    });
    await sleep(WARM_UP_MS);
    await loopDelayOf(origin);
    vendors.log.clear();
    chunkToClientMs.length = 0;
    echo.roundTripsMs.length = 0;
    delay.enable();
    await Promise.all(talks);
    delay.disable();
    const serverDelayMs = await loopDelayOf(origin);
    await Promise.all(clients.map((client) => client.close()));
    const moments = [...vendors.log.values()];
    const between = (from: keyof (typeof moments)[number], to: keyof (typeof moments)[number]): number[] =>
      moments.flatMap((turn) => (turn[from] === undefined || turn[to] === undefined ? [] : [turn[to] - turn[from]]));
    return {
      sessions,
      turns: chunkToClientMs.length,
      finalToRequestMs: between('sttFinalSent', 'llmRequested'),
      tokenToSpeechMs: between('tokenSent', 'ttsRequested'),
      chunkToClientMs,
      bareEchoMs: [...echo.roundTripsMs],
      ownDelayMs: { median: delay.percentile(50) / NANOSECONDS - 1, p99: delay.percentile(99) / NANOSECONDS - 1 },
      serverDelayMs,
    };
  } finally {
    await echo.stop();
    await server.stop();
    await vendors.close();
  }
}

/** Gauges of prom-client, which include the interval of its timer and start again with every reading. */
async function loopDelayOf(url: string): Promise<{ median: number; p99: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const readMs = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) * MS_PER_SECOND - METRICS_TIMER_MS;
  return { median: readMs('nodejs_eventloop_lag_p50_seconds'), p99: readMs('nodejs_eventloop_lag_p99_seconds') };
}

async function talk(client: ConversationClient, vendors: HopVendors, untilMs: number, chunkToClientMs: number[]): Promise<void> {
  const { pcm } = fixture('clean-time.wav');
  while (performance.now() < untilMs) {
    const { turn } = client;
    await client.microphone.say(pcm);
    await client.answerOf(turn, TURN_TIMEOUT_MS);
    const name = /turn (\d+)/.exec(client.inbox.finalTranscript(turn) ?? '')?.[1] ?? '';
    const sentAtMs = vendors.log.get(name)?.chunkSent;
    const cameAtMs = client.inbox.firstSpeechAtMs(turn);
    if (sentAtMs !== undefined && cameAtMs !== undefined) chunkToClientMs.push(cameAtMs - sentAtMs);
  }
}
