import { frame, Opcode, RawClient } from '../client/raw-client';
import { sleep } from '../client/sleep';
import { type Attack, type AttackTally, count, scaled, several } from './attack';

const READERS = 20;
const STALLED_SECONDS = 30;
const MESSAGES = [
  { type: 'start_conversation', audio_transport: 'json' },
  { type: 'text_message', text: 'tell me a long story' },
  { type: 'playback', turn: 1, event: 'started', played_ms: 0 },
];

/** Clients that ask for a long story, say that they have heard all of it, and read nothing of it. */
export const STALLED_READERS: Attack = {
  name: 'stalled readers',
  run: async ({ server, scale, from }) => {
    const tally: AttackTally = {};
    const clients: RawClient[] = [];
    await several(scaled(READERS, scale), READERS, async () => {
      const client = await RawClient.upgraded(server, from === undefined ? {} : { from });
      client.stopReading();
      for (const message of MESSAGES) client.write(frame({ opcode: Opcode.text, payload: Buffer.from(JSON.stringify(message)) }));
      clients.push(client);
    });
    for (let second = 1; second <= scaled(STALLED_SECONDS, scale); second++) {
      await sleep(1_000);
      const heard = { type: 'playback', turn: 1, event: 'progress', played_ms: second * 10_000 };
      for (const client of clients) client.write(frame({ opcode: Opcode.text, payload: Buffer.from(JSON.stringify(heard)) }));
    }
    for (const client of clients) {
      count(tally, client.isOpen ? 'still connected' : 'disconnected');
      client.destroy();
    }
    return tally;
  },
};
