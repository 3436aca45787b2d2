import type { ErrorCode } from '@parley/protocol';
import { type ConversationClient, fixture, webmRecording } from '@parley/testing/client';
import { type ConversationSettings, inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();
const JSON_AUDIO: ConversationSettings = { start: { audio_transport: 'json' }, playbackSpeed: 10 };
const CHUNKS = webmRecording('clean-time');
const PCM = 'audio/pcm;rate=16000';
const WEBM = 'audio/webm';

type Send = (client: ConversationClient) => void;
const chunk =
  (format: string, data: string): Send =>
  (client) =>
    client.send({ type: 'audio_chunk', format, data });
const webm =
  (...chunks: Uint8Array[]): Send =>
  (client) => {
    for (const bytes of chunks) client.sendAudioChunk(WEBM, bytes);
  };
const swapped = (index: number): Buffer[] =>
  CHUNKS.slice(0, index + 2).map((_chunk, at) => CHUNKS[at === index ? index + 1 : at === index + 1 ? index : at] ?? Buffer.alloc(0));

/** What a client does wrong, and the error code it gets. */
const BAD: readonly (readonly [what: string, send: Send, code: ErrorCode])[] = [
  ['more than two seconds', (client) => client.sendAudioChunk(PCM, new Uint8Array(64_002)), 'invalid_audio'],
  ['far more than two seconds', chunk(PCM, 'A'.repeat(800_000)), 'invalid_audio'],
  ['what is no base64', chunk(PCM, '*'.repeat(64)), 'invalid_audio'],
  ['WebM that is no base64', chunk(WEBM, '*'.repeat(64)), 'invalid_audio'],
  ['a format that nobody takes', chunk('audio/flac', 'AAAA'), 'unsupported_format'],
  ['WebM with another codec', chunk('audio/webm;codecs=pcm', 'AAAA'), 'unsupported_format'],
  ['WAV as WebM', (client) => client.sendAudioChunk(WEBM, Buffer.from('RIFF1234WAVEfmt ')), 'invalid_audio'],
  ['a recording without its beginning', webm(CHUNKS[5] ?? Buffer.alloc(0)), 'invalid_audio'],
  ['the chunks of a recording in another order', webm(...swapped(3)), 'invalid_audio'],
  [
    'a recording with a chunk cut short',
    webm(...CHUNKS.slice(0, 4), (CHUNKS[4] ?? Buffer.alloc(0)).subarray(0, 100), CHUNKS[5] ?? Buffer.alloc(0)),
    'invalid_audio',
  ],
  ['a recording that was damaged on its way', webm(...CHUNKS.slice(0, 4), Buffer.alloc(200)), 'invalid_audio'],
];

describe('Bad audio', () => {
  it('is answered with its own error code, and does not disturb other conversations', async () => {
    const spoken = inConversation(
      server,
      async (client) => {
        await client.microphone.say(fixture('clean-sum.wav').pcm);
        const answer = await client.answerOf(1);
        expect(client.inbox.finalTranscript(1)).toContain('seven plus five');
        expect(answer.text).toContain('twelve');
        expect(client.inbox.messages('error')).toEqual([]);
      },
      { playbackSpeed: 10 },
    );
    const told = BAD.map(([what, send, code]) =>
      inConversation(
        server,
        async (client) => {
          send(client);
          await client.settled();
          const errors = client.inbox.messages('error');
          // The chunks after a bad one belong to a recording that cannot be decoded any more, so they get the same error.
          expect([what, errors.length > 0, errors.every((error) => error.code === code && !error.fatal)]).toEqual([what, true, true]);
          expect((await client.ask('what is seven plus five')).text).toContain('twelve');
        },
        JSON_AUDIO,
      ),
    );
    const flood = inConversation(
      server,
      async (client) => {
        // A minute of audio may be sent at once; this recording has two.
        for (let round = 0; round < 40; round++) webm(...CHUNKS)(client);
        await client.inbox.waitForMessage('error');
        await client.settled();
        expect(new Set(client.inbox.messages('error').map(({ code }) => code))).toEqual(new Set(['rate_limited']));
      },
      JSON_AUDIO,
    );
    const oversized = inConversation(
      server,
      async (client) => {
        chunk(PCM, 'A'.repeat(1_048_577))(client);
        expect(await client.closed()).toBe(1009);
      },
      JSON_AUDIO,
    );
    await Promise.all([spoken, ...told, flood, oversized]);
  });

  it('does not prevent a new recording from being recognised', () =>
    inConversation(
      server,
      async (client) => {
        for (const damaged of [CHUNKS.slice(2, 4), CHUNKS.slice(0, 4), [Buffer.alloc(50, 7)]]) webm(...damaged)(client);
        await client.settled();
        expect(client.inbox.messages('error').map(({ code }) => code)).toEqual(['invalid_audio', 'invalid_audio', 'invalid_audio']);
        await client.sendRecording(CHUNKS);
        const answer = await client.answerOf(1);
        expect(client.inbox.finalTranscript(1)).toMatch(/what time is it/i);
        expect(answer.text).toMatch(/^It is/);
        expect(client.inbox.messages('error')).toHaveLength(3);
      },
      JSON_AUDIO,
    ));

  it('is not counted in the bytes saved by compression, which are nine tenths', async () => {
    const saved = async (): Promise<{ sent: number; pcm: number }> => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
      return { sent: read('parley_compressed_input_bytes_total'), pcm: read('parley_compressed_input_pcm_bytes_total') };
    };
    const before = await saved();
    await inConversation(
      server,
      async (client) => {
        webm(...CHUNKS, Buffer.alloc(9))(client);
        await client.settled();
      },
      JSON_AUDIO,
    );
    const after = await saved();
    expect(after.sent - before.sent).toBe(Buffer.concat(CHUNKS).length);
    expect(after.pcm - before.pcm).toBe(3_000 * 32);
    expect((after.sent - before.sent) / (after.pcm - before.pcm)).toBeLessThan(0.1);
  });
});
