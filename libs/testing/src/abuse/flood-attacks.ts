import { frame, Opcode, RawClient } from '../client/raw-client';
import { type Attack, type AttackOptions, type AttackTally, count, scaled, several } from './attack';

const MEGABYTE = 1024 * 1024;
const FLOODERS = 10;
const FLOOD_MS = 20_000;

const json = (message: object): Buffer => frame({ opcode: Opcode.text, payload: Buffer.from(JSON.stringify(message)) });
/** The same frame, repeated to at least 64 kB. */
const block = (one: Buffer): Buffer => Buffer.concat(new Array<Buffer>(Math.ceil(65_536 / one.length)).fill(one));
const START = json({ type: 'start_conversation' });

const FLOODS: Readonly<Record<string, Buffer>> = {
  'audio flood': block(frame({ opcode: Opcode.binary, payload: Buffer.alloc(64_000) })),
  'flood of tiny audio': block(frame({ opcode: Opcode.binary, payload: Buffer.alloc(2) })),
  'text flood': block(json({ type: 'text_message', text: 'what is seven plus five' })),
  'ping flood': block(frame({ opcode: Opcode.ping, payload: Buffer.alloc(125) })),
};

/** Clients in a conversation that send one thing as fast as they can, until they are disconnected. */
const FLOOD_ATTACKS: readonly Attack[] = Object.entries(FLOODS).map(([name, bytes]) => ({
  name,
  run: async (options) => {
    const tally: AttackTally = {};
    await several(scaled(FLOODERS, options.scale), FLOODERS, async () => {
      const client = await inConversation(options);
      const endsAtMs = performance.now() + FLOOD_MS;
      while (!client.isClosed && performance.now() < endsAtMs) {
        if (!client.write(bytes)) await client.drained();
      }
      count(tally, !client.isClosed ? 'not stopped' : `closed with ${client.closeCode ?? 'no code'}`);
      client.destroy();
    });
    return tally;
  },
}));

const HUGE_MEGABYTES = 100;

/** A message of 100 MB, in one frame and in fragments, before and in a conversation; and one that is only announced. */
const HUGE_MESSAGES: Attack = {
  name: 'messages of 100 MB',
  run: async (options) => {
    const tally: AttackTally = {};
    const piece = Buffer.alloc(MEGABYTE, ' ');
    const ways: Readonly<Record<string, (client: RawClient) => Promise<void>>> = {
      'in one frame': async (client) => {
        client.write(frame({ opcode: Opcode.text, claimedLength: HUGE_MEGABYTES * MEGABYTE }));
        await poured(client, piece);
      },
      'in fragments': async (client) => {
        client.write(frame({ opcode: Opcode.text, fin: false }));
        await poured(client, frame({ opcode: Opcode.continuation, fin: false, payload: piece.subarray(0, 100_000) }));
      },
      'only announced': async (client) => void client.write(frame({ opcode: Opcode.binary, claimedLength: HUGE_MEGABYTES * MEGABYTE })),
    };
    const cases = Object.entries(ways).flatMap(([what, send]) => [true, false].map((starts) => ({ what, send, starts })));
    await several(cases.length, cases.length, async (index) => {
      const { what, send, starts } = cases[index] ?? cases[0];
      const client = starts ? await inConversation(options) : await RawClient.upgraded(options.server, fromOf(options));
      await send(client);
      await client.until(() => client.isClosed, 'the end of a huge message', FLOOD_MS);
      count(tally, `${what}: closed with ${client.closeCode ?? 'no code'}`);
      client.destroy();
    });
    return tally;
  },
};

async function poured(client: RawClient, bytes: Buffer): Promise<void> {
  for (let sent = 0; sent < HUGE_MEGABYTES * MEGABYTE && client.isOpen; sent += bytes.length) {
    if (!client.write(bytes)) await client.drained();
  }
}

const STORM_CLIENTS = 10;
const STORM_ROUNDS = 100;

/** Conversations that are started and ended again at once, in every order of doing so. */
const START_END_STORM: Attack = {
  name: 'start and end storm',
  run: async (options) => {
    const tally: AttackTally = {};
    const end = json({ type: 'end_conversation' });
    await several(scaled(STORM_CLIENTS * STORM_ROUNDS, options.scale), STORM_CLIENTS, async (index) => {
      const client = await RawClient.upgraded(options.server, fromOf(options));
      client.write(
        index % 3 === 0 ? Buffer.concat([START, end]) : Buffer.concat([START, json({ type: 'text_message', text: 'hello' }), end]),
      );
      if (index % 4 === 0) client.reset();
      else if (index % 4 === 1) client.halfClose();
      if (index % 4 !== 0) await client.until(() => client.isClosed, 'the end', FLOOD_MS);
      count(tally, client.closeCode === undefined ? 'reset' : `closed with ${client.closeCode}`);
      client.destroy();
    });
    return tally;
  },
};

async function inConversation(options: AttackOptions): Promise<RawClient> {
  const client = await RawClient.upgraded(options.server, fromOf(options));
  client.write(START);
  await client.receives((text) => text.includes('conversation_started') || client.isClosed, 'the start');
  return client;
}

const fromOf = ({ from }: AttackOptions) => (from === undefined ? {} : { from });

export const FLOODS_AND_STORMS: readonly Attack[] = [...FLOOD_ATTACKS, HUGE_MESSAGES, START_END_STORM];
