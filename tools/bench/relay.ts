/**
 * `npm run bench:relay [-- --conversations 100 --seconds 15]`: the delay that the relay adds between a caller and the hosted agent. Every
 * microphone frame and every piece of speech is timed from one end to the other; both ends are in this process. The same is measured without
 * the relay, so that the difference is caused by the server and its second connection. The agent is a fake that understands nothing. Prints
 * Markdown. Needs `nx build api` first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FRAME_MS } from '@parley/protocol';
import { BENCH_CORE, pinBench, SERVER_CORE, startPinnedServer } from './capacity/pinned-server';
import { quantile } from './quantile';
import { RelayClock, type RelayDelays } from './relay/clock';
import { type Line, RelayCaller } from './relay/relay-caller';
import { FakeAgentServer } from './relay/fake-agent-server';
import { machineFacts, printTable } from './report';

const { values } = parseArgs({
  options: { conversations: { type: 'string', default: '100' }, seconds: { type: 'string', default: '15' } },
});
const conversations = Number(values.conversations);
const durationMs = Number(values.seconds) * 1000;

const WARM_UP_MS = 4_000;
const SETTLE_MS = 1_000;

async function measure(line: Line, agent: FakeAgentServer, clock: RelayClock, url: string): Promise<RelayDelays> {
  const callers: RelayCaller[] = [];
  for (let id = 1; id <= conversations; id++) callers.push(await RelayCaller.start(url, line, id, clock));
  await sleep(SETTLE_MS);
  let next = 0;
  const startedAtMs = performance.now();
  // Evenly over the 20 ms of a frame, and by the clock: what is due is sent.
  const microphones = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAtMs) * conversations) / FRAME_MS);
    for (; next < due; next++) callers[next % conversations]?.sendFrame();
  }, 1);
  try {
    await sleep(SETTLE_MS);
    agent.speak();
    await sleep(WARM_UP_MS);
    clock.restart();
    await sleep(durationMs);
    await agent.interruptAll();
    await sleep(SETTLE_MS);
    return clock.delays;
  } finally {
    clearInterval(microphones);
    for (const caller of callers) caller.stop();
  }
}

async function throughServer(): Promise<RelayDelays> {
  const clock = new RelayClock();
  const agent = await FakeAgentServer.start(clock);
  const { server, origin } = await startPinnedServer({
    ELEVENLABS_BASE_URL: agent.origin,
    ELEVENLABS_API_KEY: 'bench',
    ELEVENLABS_AGENT_ID: 'bench',
  });
  try {
    return await measure('relay', agent, clock, `${origin.replace('http', 'ws')}/ws`);
  } finally {
    await server.stop();
    await agent.close();
  }
}

async function direct(): Promise<RelayDelays> {
  const clock = new RelayClock();
  const agent = await FakeAgentServer.start(clock);
  try {
    return await measure('direct', agent, clock, agent.conversationUrl);
  } finally {
    await agent.close();
  }
}

const WAYS = { up: 'microphone frame → agent', down: "agent's speech → caller", interruption: 'interruption → caller' } as const;

async function main(): Promise<void> {
  pinBench();
  console.log(
    `${machineFacts()}\n\n${conversations} conversations, ${durationMs / 1000} s. Server on core ${SERVER_CORE}, callers and the stand-in agent on core ${BENCH_CORE}.`,
  );
  const [without, relayed] = [await direct(), await throughServer()];
  const rows = (['up', 'down', 'interruption'] as const).map((way) => {
    const [median, p99] = [0.5, 0.99].map((part) => [quantile(without[way], part), quantile(relayed[way], part)] as const);
    const cell = ([bare = Number.NaN, whole = Number.NaN]: readonly number[] = []) =>
      `${whole.toFixed(2)} - ${bare.toFixed(2)} = ${(whole - bare).toFixed(2)}`;
    return [WAYS[way], relayed[way].length, cell(median), cell(p99)];
  });
  printTable('What the relay adds (ms): through the server - straight to the agent', ['way', 'measured', 'median', '99 %'], rows);
}

await main();
