import { pickRandom } from '../client/random-choice';
import { frame, Opcode, RawClient } from '../client/raw-client';
import { type Attack, type AttackOptions, type AttackTally, count, scaled, several } from './attack';
import { type FuzzedMessage, fuzzedMessage } from './fuzzed-message';

const MESSAGES = 10_000;
const MESSAGES_PER_CONNECTION = 20;
const CONNECTIONS_AT_ONCE = 8;
/** Bounds a server that hangs; a good one needs milliseconds. */
const ANSWER_TIMEOUT_MS = 30_000;
const STARTS: Readonly<Record<string, string>> = {
  '/ws': '{"type":"start_conversation","audio_transport":"json"}',
  '/ws/agent': '{"type":"heartbeat"}',
  '/ws/narration': '{"type":"start_narration"}',
};
const ASK = 'is anybody there';

/**
 * Clients that send fuzzed messages. After each group of them the server must answer a ping or have closed the connection, and it may not say
 * that something went wrong inside it.
 */
export const FUZZ: Attack = {
  name: 'fuzzed messages',
  run: async (options) => {
    const tally: AttackTally = {};
    // Drawn beforehand and in order: the connections take turns in an order that is not always the same.
    const groups = Array.from({ length: scaled(MESSAGES / MESSAGES_PER_CONNECTION, options.scale) }, () => groupOf(options.random));
    await several(groups.length, CONNECTIONS_AT_ONCE, (index) => sendGroup(groups[index], options, tally));
    return tally;
  },
};

interface Group {
  readonly path: string;
  readonly starts: boolean;
  readonly messages: readonly FuzzedMessage[];
}

function groupOf(random: () => number): Group {
  const path = pickRandom(Object.keys(STARTS), random);
  return { path, starts: random() < 0.7, messages: Array.from({ length: MESSAGES_PER_CONNECTION }, () => fuzzedMessage(random)) };
}

async function sendGroup({ path, starts, messages }: Group, { server, from }: AttackOptions, tally: AttackTally): Promise<void> {
  let client = await greeted();
  try {
    for (const { kind, writes, swallowsTheRest } of messages) {
      if (client.isClosed) {
        client.destroy();
        client = await greeted();
      }
      for (const bytes of writes) client.write(bytes);
      count(tally, 'messages');
      if (swallowsTheRest) client.reset();
      else await answered(kind);
    }
  } finally {
    client.destroy();
  }

  async function greeted(): Promise<RawClient> {
    const fresh = await RawClient.upgraded(server, { path, ...(from !== undefined && { from }) });
    count(tally, 'connections');
    if (starts) fresh.write(frame({ opcode: Opcode.text, payload: Buffer.from(STARTS[path] ?? '') }));
    return fresh;
  }

  async function answered(kind: string): Promise<void> {
    const before = client.bytesReceived;
    client.write(frame({ opcode: Opcode.ping, payload: Buffer.from(ASK) }));
    const isAnswered = (): boolean => client.isClosed || client.receivedFrom(before).includes(ASK);
    await client.until(isAnswered, `an answer after ${kind} on ${path}`, ANSWER_TIMEOUT_MS);
    const { closeCode } = client;
    if (client.isClosed) count(tally, `closed with ${closeCode ?? 'no code'}`);
    if (closeCode === 1011 || client.received.includes('"code":"internal"'))
      throw new Error(`the server failed at ${kind} on ${path}: ${client.received.toString('latin1').slice(-2_000)}`);
  }
}
