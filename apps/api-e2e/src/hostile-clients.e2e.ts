import { encodeWav } from '@parley/audio';
import { ConversationClient, ServerProcess } from '@parley/testing/client';
import { allReleased } from './support/metrics';
import { frame, Opcode, RawClient } from './support/raw-client';

const PATHS = ['/ws', '/ws/agent'] as const;
const MEGABYTE = 1024 * 1024;
/** How long the server may take to disconnect a client that sends as fast as it can, in ms. */
const DISCONNECT_WITHIN_MS = 30_000;
/** How long other clients may wait for an answer meanwhile, in ms; a blocked server takes tens of seconds. */
const OTHERS_WAIT_MS = 3_000;

const START = frame({ opcode: Opcode.text, payload: Buffer.from('{"type":"start_conversation","audio_transport":"json"}') });
const json = (message: object): Buffer => frame({ opcode: Opcode.text, payload: Buffer.from(JSON.stringify(message)) });
/** The same frame, repeated to at least 64 kB. */
const block = (one: Buffer): Buffer => Buffer.concat(new Array<Buffer>(Math.ceil(65_536 / one.length)).fill(one));
const wavOf = (rateHz: number): Buffer =>
  json({ type: 'audio_chunk', format: 'audio/wav', data: Buffer.from(encodeWav(new Int16Array(10), rateHz)).toString('base64') });

/** What a client sends endlessly in a conversation. */
const FLOODS: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['empty pings', block(frame({ opcode: Opcode.ping }))],
  ['pings as long as may be', block(frame({ opcode: Opcode.ping, payload: Buffer.alloc(125) }))],
  ['pongs nobody asked for', block(frame({ opcode: Opcode.pong }))],
  ['audio of two bytes', block(frame({ opcode: Opcode.binary, payload: Buffer.alloc(2) }))],
  ['audio of no bytes', block(frame({ opcode: Opcode.binary }))],
  ['audio of two seconds', frame({ opcode: Opcode.binary, payload: Buffer.alloc(64_000) })],
  ['audio of a megabyte', frame({ opcode: Opcode.binary, payload: Buffer.alloc(MEGABYTE) })],
  ['audio of two bytes in JSON', block(json({ type: 'audio_chunk', format: 'audio/pcm;rate=16000', data: 'AAA=' }))],
  ['WAV chunks that change their rate', Buffer.concat([44_100, 11_025, 48_000].map(wavOf))],
  ['WAV chunks of rates nobody uses', Buffer.concat(Array.from({ length: 50 }, (_chunk, index) => wavOf(44_101 + index)))],
  ['empty texts', block(frame({ opcode: Opcode.text }))],
  ['heartbeats', block(json({ type: 'heartbeat' }))],
  ['a megabyte of brackets', frame({ opcode: Opcode.text, payload: Buffer.alloc(MEGABYTE, '[') })],
  ['a megabyte of objects', frame({ opcode: Opcode.text, payload: Buffer.from(`[${'{},'.repeat(340_000)}{}]`) })],
  ['a megabyte of text', json({ type: 'text_message', text: '\u{1F600}'.repeat(250_000) })],
  [
    'fragments of nothing',
    Buffer.concat([frame({ opcode: Opcode.text, fin: false }), block(frame({ opcode: Opcode.continuation, fin: false }))]),
  ],
];

async function flood(client: RawClient, bytes: Buffer): Promise<void> {
  const endsAtMs = performance.now() + DISCONNECT_WITHIN_MS;
  while (client.isOpen && performance.now() < endsAtMs) {
    if (!client.write(bytes)) await client.drained();
  }
}

describe('A client that sends as fast as it can', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ SIMULATOR_RECOGNISERS: '1' });
  });
  afterAll(() => server.stop());
  afterEach(() => allReleased(server));

  /** The longest time, in ms, that another client waits for an answer while `act` runs. */
  async function whileAnotherTalks(act: () => Promise<void>): Promise<number> {
    const other = await ConversationClient.connect(server.url, { playbackSpeed: 20 });
    await other.start();
    let isOver = false;
    const acting = act().finally(() => (isOver = true));
    let longestMs = 0;
    while (!isOver) {
      const startMs = performance.now();
      await other.settled();
      longestMs = Math.max(longestMs, performance.now() - startMs);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await acting;
    expect((await other.ask('what is seven plus five')).text).toContain('twelve');
    await other.close();
    return longestMs;
  }

  async function inConversation(path: string): Promise<RawClient> {
    const client = await RawClient.upgraded(server, { path });
    if (path === '/ws') client.write(START);
    await client.receives((text) => text.includes('conversation_started'), 'the start');
    return client;
  }

  describe.each(PATHS)('on %s', (path) => {
    it.each(FLOODS)('is disconnected with 1008 after a flood of %s, while other conversations go on', async (_what, bytes) => {
      const longestMs = await whileAnotherTalks(async () => {
        const clients = await Promise.all([inConversation(path), inConversation(path)]);
        await Promise.all(clients.map((client) => flood(client, bytes)));
        for (const client of clients) {
          expect(client.isOpen).toBe(false);
          expect(client.closeCode).toBe(1008);
          client.destroy();
        }
      });
      expect(longestMs).toBeLessThan(OTHERS_WAIT_MS);
    });

    it('is disconnected if it only pings and never reads, and costs the server little memory', async () => {
      await whileAnotherTalks(async () => {
        const client = await inConversation(path);
        const before = client.bytesReceived;
        client.stopReading();
        await flood(client, block(frame({ opcode: Opcode.ping, payload: Buffer.alloc(125) })));
        expect(client.isOpen).toBe(false);
        expect(client.bytesReceived - before).toBeLessThan(MEGABYTE);
        client.destroy();
      });
    });
  });

  it('does not delay others with five hundred WAV chunks that change their rate', async () => {
    const chunks = Buffer.concat(Array.from({ length: 500 }, (_chunk, index) => wavOf([44_100, 22_050, 11_025][index % 3] + index)));
    const longestMs = await whileAnotherTalks(async () => {
      const client = await inConversation('/ws');
      client.write(chunks);
      await client.receives((text) => text.includes('unsupported_format'), 'the refusal');
      client.write(json({ type: 'end_conversation' }));
      await client.receives((text) => text.includes('conversation_ended'), 'the end');
      client.destroy();
    });
    expect(longestMs).toBeLessThan(OTHERS_WAIT_MS);
  });
});

describe('Before a conversation has started', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ SIMULATOR_RECOGNISERS: '1' });
  });
  afterAll(() => server.stop());

  it.each([
    ['of text', frame({ opcode: Opcode.text, payload: Buffer.alloc(MEGABYTE, '[') })],
    ['of bytes', frame({ opcode: Opcode.binary, payload: Buffer.alloc(MEGABYTE) })],
    ['that is not all there', frame({ opcode: Opcode.binary, claimedLength: MEGABYTE, payload: Buffer.alloc(300_000) })],
    [
      'in fragments',
      Buffer.concat(new Array<Buffer>(10).fill(frame({ opcode: Opcode.continuation, fin: false, payload: Buffer.alloc(50_000) }))),
    ],
  ])('a message %s that is too long ends the connection with 1009', async (what, bytes) => {
    const client = await RawClient.upgraded(server);
    if (what === 'in fragments') client.write(frame({ opcode: Opcode.text, fin: false }));
    client.write(bytes);
    await client.ended();
    expect(client.closeCode).toBe(1009);
    client.destroy();
    await allReleased(server);
  });

  it('an endless series of pings ends the connection with 1008', async () => {
    const client = await RawClient.upgraded(server);
    await flood(client, block(frame({ opcode: Opcode.ping })));
    expect(client.closeCode).toBe(1008);
    client.destroy();
    await allReleased(server);
  });

  it('the longest allowed start message is accepted', async () => {
    const client = await ConversationClient.connect(server.url);
    await client.start({ system_prompt: '\u{1F600}'.repeat(16_000) });
    await client.close();
  });
});

describe('A client whose connection stalled', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ SIMULATOR_RECOGNISERS: '1' });
  });
  afterAll(() => server.stop());

  it.each(['binary', 'json'] as const)('for fifteen seconds is recognised to its last frame (%s)', async (transport) => {
    const client = await ConversationClient.connect(server.url);
    await client.start({ audio_transport: transport });
    for (let sent = 0; sent < 750; sent++) {
      const pcm = new Uint8Array(640);
      if (transport === 'binary') client.sendBinary(pcm);
      else client.sendAudioChunk('audio/pcm;rate=16000', pcm);
      if (sent % 12 === 0) client.send({ type: 'playback', turn: 1, event: 'progress', played_ms: sent * 20 });
    }
    await client.settled();
    expect(client.inbox.messages('error')).toEqual([]);
    expect(client.isOpen).toBe(true);
    await client.close();
    await allReleased(server);
  });
});
