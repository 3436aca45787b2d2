import type { ErrorCode } from '@parley/protocol';
import { type ConversationClient, silence, sleep } from '@parley/testing/client';
import { connected, inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();

type Send = (client: ConversationClient) => void;
/** What is wrong with the message, how it is sent, and the error code of the answer. */
type BadInput = readonly [what: string, send: Send, code: ErrorCode];

const text =
  (raw: string | Buffer): Send =>
  (client) =>
    client.sendRaw(raw);
const json = (message: object): Send => text(JSON.stringify(message));
const binary =
  (byteLength: number): Send =>
  (client) =>
    client.sendBinary(new Uint8Array(byteLength));

const MALFORMED: readonly BadInput[] = [
  ['no JSON', text('{'), 'bad_message'],
  ['nothing', text(''), 'bad_message'],
  ['null', text('null'), 'bad_message'],
  ['a list', text('[{"type":"heartbeat"}]'), 'bad_message'],
  ['a text', text('"heartbeat"'), 'bad_message'],
  ['a number', text('7'), 'bad_message'],
  ['a hundred thousand brackets', text('['.repeat(100_000)), 'bad_message'],
  ['an object without a type', json({ text: 'hello' }), 'bad_message'],
  ['a type that is no text', json({ type: 7 }), 'bad_message'],
  ['a type nobody knows', json({ type: 'launch_rocket' }), 'unknown_type'],
  ['a type of the server', json({ type: 'conversation_ended' }), 'unknown_type'],
  ['an inherited name as type', json({ type: 'constructor' }), 'unknown_type'],
  ['a prototype as type', text('{"type":"__proto__","__proto__":{"type":"heartbeat"}}'), 'unknown_type'],
  ['a type of another case', json({ type: 'Heartbeat' }), 'unknown_type'],
];

const BEFORE_START: readonly BadInput[] = [
  ['audio', binary(640), 'not_started'],
  ['audio as JSON', json({ type: 'audio_chunk', data: 'AAAA', format: 'audio/pcm;rate=16000' }), 'not_started'],
  ['a typed turn', json({ type: 'text_message', text: 'hello' }), 'not_started'],
  ['the stop button', json({ type: 'interrupt' }), 'not_started'],
  ['a playback report', json({ type: 'playback', turn: 1, event: 'started', played_ms: 0 }), 'not_started'],
  ['an end', json({ type: 'end_conversation' }), 'not_started'],
  ['a start with an engine nobody knows', json({ type: 'start_conversation', engine: 'steam' }), 'bad_message'],
  ['a start with a transport nobody knows', json({ type: 'start_conversation', audio_transport: 'pigeon' }), 'bad_message'],
  ['a start with a language that is none', json({ type: 'start_conversation', language: 'not a language' }), 'bad_message'],
  ['a start with a voice that is a path', json({ type: 'start_conversation', voice_id: '../../secret' }), 'bad_message'],
  ['a start with a system prompt too long', json({ type: 'start_conversation', system_prompt: 'a'.repeat(16_001) }), 'bad_message'],
  ['a start with a system prompt of numbers', json({ type: 'start_conversation', system_prompt: [1, 2] }), 'bad_message'],
];

const IN_CONVERSATION: readonly BadInput[] = [
  ['a second start', json({ type: 'start_conversation' }), 'already_started'],
  ['a second start of another engine', json({ type: 'start_conversation', engine: 'agent' }), 'already_started'],
  ['audio of no bytes', binary(0), 'invalid_audio'],
  ['audio of an odd number of bytes', binary(641), 'invalid_audio'],
  ['audio of one byte', binary(1), 'invalid_audio'],
  ['audio of more than two seconds', binary(64_002), 'invalid_audio'],
  ['a typed turn without text', json({ type: 'text_message' }), 'bad_message'],
  ['a typed turn of nothing', json({ type: 'text_message', text: '' }), 'bad_message'],
  ['a typed turn of white space', json({ type: 'text_message', text: ' \n\t ' }), 'bad_message'],
  ['a typed turn too long', json({ type: 'text_message', text: 'a'.repeat(4_001) }), 'bad_message'],
  ['a typed turn of numbers', json({ type: 'text_message', text: 42 }), 'bad_message'],
  ['a playback report without a turn', json({ type: 'playback', event: 'started', played_ms: 0 }), 'bad_message'],
  ['a playback report of a turn below zero', json({ type: 'playback', turn: -1, event: 'started', played_ms: 0 }), 'bad_message'],
  ['a playback report of half a turn', json({ type: 'playback', turn: 1.5, event: 'started', played_ms: 0 }), 'bad_message'],
  ['a playback report of an event nobody knows', json({ type: 'playback', turn: 1, event: 'paused', played_ms: 0 }), 'bad_message'],
  ['a playback report of less than nothing', json({ type: 'playback', turn: 1, event: 'progress', played_ms: -5 }), 'bad_message'],
  ['a playback report of no number', text('{"type":"playback","turn":1,"event":"progress","played_ms":"1e999"}'), 'bad_message'],
  ['a playback report of an infinite time', text('{"type":"playback","turn":1,"event":"progress","played_ms":1e999}'), 'bad_message'],
  ['audio as JSON without data', json({ type: 'audio_chunk', format: 'audio/wav' }), 'bad_message'],
  ['audio as JSON without a format', json({ type: 'audio_chunk', data: 'AAAA' }), 'bad_message'],
  ['audio as JSON in a format of nobody', json({ type: 'audio_chunk', data: 'AAAA', format: 'audio/x-drums' }), 'unsupported_format'],
  ['audio as JSON that is no base64', json({ type: 'audio_chunk', data: '?!', format: 'audio/pcm;rate=16000' }), 'invalid_audio'],
];

describe('A bad message is answered with an error, and the conversation goes on', () => {
  it.concurrent('before it has started', () =>
    connected(
      server,
      async (client) => {
        for (const bad of [...MALFORMED, ...BEFORE_START]) await expectRefusal(client, bad);
        await client.start();
        await expectAllIsWell(client);
      },
      { playbackSpeed: 10 },
    ),
  );

  it.concurrent('after it has started', () =>
    inConversation(
      server,
      async (client) => {
        for (const bad of [...MALFORMED, ...IN_CONVERSATION]) await expectRefusal(client, bad);
        await expectAllIsWell(client);
      },
      { playbackSpeed: 10 },
    ),
  );

  it.concurrent('while the assistant speaks, and the assistant goes on speaking', () =>
    inConversation(server, async (client) => {
      client.send({ type: 'text_message', text: 'tell me a long story' });
      await client.inbox.waitFor('the story', () => (client.inbox.speechOf(1).length > 0 ? true : undefined));
      for (const bad of [...MALFORMED, ...IN_CONVERSATION]) await expectRefusal(client, bad);
      expect(client.inbox.messages('interruption')).toEqual([]);
      expect(client.inbox.states.at(-1)).toBe('AI_SPEAKING 1');
    }),
  );

  it.concurrent('unless it is merely unexpected, which is no error', () =>
    inConversation(
      server,
      async (client) => {
        client.send({ type: 'heartbeat', colour: 'blue', __proto__: null });
        client.send({ type: 'playback', turn: 999, event: 'ended', played_ms: 1_000_000 });
        client.send({ type: 'playback', turn: 1, event: 'ended', played_ms: 5 });
        client.send({ type: 'interrupt' });
        client.sendBinary(new Uint8Array(2));
        client.sendBinary(new Uint8Array(64_000));
        await client.settled();
        expect(client.inbox.messages('error')).toEqual([]);
        expect(client.inbox.states).toEqual(['USER_SPEAKING 1']);
        const longest = `my name is peter ${'and '.repeat(1_000)}`.slice(0, 4_000);
        expect((await client.ask(longest)).text).not.toBe('');
        await expectAllIsWell(client);
      },
      { playbackSpeed: 20 },
    ),
  );
});

describe('A client that sends too much', () => {
  it.concurrent.each([
    ['a text message', (client: ConversationClient) => client.sendRaw('a'.repeat(1_048_577))],
    ['a binary message', (client: ConversationClient) => client.sendBinary(new Uint8Array(1_048_577))],
  ])('in %s is disconnected with 1009', (_, send) =>
    inConversation(server, async (client) => {
      send(client);
      expect(await client.closed()).toBe(1009);
    }),
  );

  it.concurrent('in too many messages gets one error a second, and is served again when it stops', () =>
    inConversation(
      server,
      async (client) => {
        for (let sent = 0; sent < 300; sent++) client.send({ type: 'heartbeat' });
        await client.inbox.waitForMessage('error');
        await sleep(500);
        expect(client.inbox.messages('error')).toEqual([
          { type: 'error', code: 'rate_limited', message: expect.any(String), fatal: false },
        ]);
        expect(client.inbox.messages('heartbeat').length).toBeLessThan(250);
        await expectAllIsWell(client);
      },
      { playbackSpeed: 10 },
    ),
  );

  it.concurrent('of audio gets an error, and is served again when it stops', () =>
    inConversation(
      server,
      async (client) => {
        const twoSeconds = new Uint8Array(silence(2_000).buffer);
        for (let sent = 0; sent < 40; sent++) client.sendBinary(twoSeconds);
        const { message } = await client.inbox.waitForMessage('error');
        expect(message).toMatchObject({ code: 'rate_limited', fatal: false });
        await expectAllIsWell(client);
      },
      { playbackSpeed: 10 },
    ),
  );

  it.concurrent(
    'and does not stop is disconnected with 1008',
    () =>
      inConversation(server, async (client) => {
        const endsAtMs = performance.now() + 50_000;
        while (client.isOpen && performance.now() < endsAtMs) {
          for (let sent = 0; sent < 20; sent++) client.send({ type: 'heartbeat' });
          await sleep(50);
        }
        expect(await client.closed()).toBe(1008);
        const errors = client.inbox.messages('error');
        expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['rate_limited']));
        expect(errors.map(({ fatal }) => fatal)).toEqual([...errors.slice(1).map(() => false), true]);
        expect(client.inbox.states.at(-1)).toBe('IDLE 1');
        expect(client.inbox.messages('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: 'error' }]);
      }),
    60_000,
  );
});

describe('The server refuses', () => {
  it.concurrent('a page of another origin with 1008 and no message', () =>
    connected(
      server,
      async (client) => {
        expect(await client.closed()).toBe(1008);
        expect(client.inbox.arrivals).toEqual([]);
      },
      { origin: 'https://elsewhere.example' },
    ),
  );

  it.concurrent("no connection from the server's own page", () =>
    inConversation(server, (client) => expectAllIsWell(client), { origin: server.url, playbackSpeed: 10 }),
  );

  it.concurrent('text that is not UTF-8 with 1007, as the WebSocket standard requires', () =>
    inConversation(server, async (client) => {
      client.sendRaw(Buffer.from([0x7b, 0xff, 0xfe, 0xc0, 0x80, 0x7d]));
      expect(await client.closed()).toBe(1007);
    }),
  );
});

/** Expects exactly one more error, with this code, and that the conversation goes on. */
async function expectRefusal(client: ConversationClient, [what, send, code]: BadInput): Promise<void> {
  const before = client.inbox.messages('error').length;
  send(client);
  await client.settled();
  const errors = client.inbox.messages('error').slice(before);
  expect([what, errors]).toEqual([what, [{ ...errors[0], type: 'error', code, message: expect.stringMatching(/\S/), fatal: false }]]);
}

/** Expects that a heartbeat and a whole typed turn work. */
async function expectAllIsWell(client: ConversationClient): Promise<void> {
  // The refused messages have used up the burst allowance.
  await sleep(1_000);
  await client.settled();
  const answer = await client.ask('what is seven plus five');
  expect(answer.text).toContain('twelve');
  expect(answer.speech.length).toBeGreaterThan(1);
  expect(client.isOpen).toBe(true);
}
