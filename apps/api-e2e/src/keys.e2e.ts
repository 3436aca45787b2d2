import type { Simulator } from '@parley/simulator';
import { type ServerProcess } from '@parley/testing/client';
import { expectFailure, type Stage, takeTurn } from './support/failing-turn';
import { ANSWER, GOOD_KEYS, startKeyedServer, startVendors } from './support/keyed-server';
import { allReleased } from './support/metrics';
import { inConversation } from './support/suite';

const HURRIED = { playbackSpeed: 20 };

/** The keys of each server: the simulated vendors refuse the key `bad`, and the credit of `quota` is used up. */
const SERVERS = {
  good: {},
  badHearing: { SARVAM_API_KEY: 'bad', OPENAI_API_KEY: 'bad' },
  badVoice: { ELEVENLABS_API_KEY: 'bad' },
  usedUpHearing: { SARVAM_API_KEY: 'quota', OPENAI_API_KEY: 'quota' },
  usedUpVoice: { ELEVENLABS_API_KEY: 'quota' },
} as const;
type ServerName = keyof typeof SERVERS;

const servers = new Map<ServerName, ServerProcess>();
let vendors: Simulator;

beforeAll(async () => {
  vendors = await startVendors();
  const names = Object.keys(SERVERS) as ServerName[];
  await Promise.all(names.map(async (name) => servers.set(name, await startKeyedServer(vendors, SERVERS[name]))));
}, 60_000);

afterAll(async () => {
  const all = [...servers.values()];
  try {
    await Promise.all(all.map((server) => allReleased(server)));
    await Promise.all(all.map((server) => server.stop()));
  } finally {
    await vendors.close();
  }
});

function serverNamed(name: ServerName): ServerProcess {
  const server = servers.get(name);
  if (server === undefined) throw new Error(`there is no server ${name}`);
  return server;
}

describe('A key that a vendor accepts', () => {
  it.concurrent('makes the stage use the real vendor, which is reported to clients', async () => {
    const server = serverNamed('good');
    const real = expect.objectContaining({ name: expect.stringMatching(/\S/), simulated: false });
    const config: unknown = await (await fetch(`${server.url}/api/config`)).json();
    expect(config).toMatchObject({ stages: { stt: real, llm: real, tts: real } });
    expect(JSON.stringify(config)).not.toMatch(new RegExp(Object.values(GOOD_KEYS).join('|')));

    await inConversation(
      server,
      async (client) => {
        expect(client.inbox.messages('conversation_started')[0]?.providers).toEqual({ stt: real, llm: real, tts: real });
        const answer = await takeTurn(client, 'stt');
        expect(answer.text).toMatch(ANSWER);
        expect(client.inbox.messages('error')).toEqual([]);
      },
      HURRIED,
    );
  });
});

describe('A key that a vendor refuses', () => {
  const REFUSED: readonly (readonly [ServerName, Stage, RegExp])[] = [
    ['badHearing', 'stt', /^Speech recognition .*SARVAM_API_KEY/],
    ['badHearing', 'llm', /^The language model .*OPENAI_API_KEY/],
    ['badVoice', 'tts', /^The voice .*ELEVENLABS_API_KEY/],
    ['usedUpHearing', 'stt', /^Speech recognition .*credit/],
    ['usedUpHearing', 'llm', /^The language model .*credit/],
    ['usedUpVoice', 'tts', /^The voice .*credit/],
  ];

  it.concurrent.each(REFUSED)('is reported in words that name the stage, and the conversation goes on: %s, %s', (name, stage, words) =>
    inConversation(
      serverNamed(name),
      async (client) => {
        const failure = expectFailure(client, await takeTurn(client, stage), stage);
        expect(failure?.message).toMatch(words);
        // Neither the keys nor the vendor's own wording may appear in the message.
        expect(failure?.message).not.toMatch(/\b(bad|quota|invalid_api_key|40[13]|429)\b/);

        await takeTurn(client, stage, 'poured');
        expect(client.inbox.messages('error')).toHaveLength(2);
        expect(client.isOpen).toBe(true);
      },
      HURRIED,
    ),
  );
});
