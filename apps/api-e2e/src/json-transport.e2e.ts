import { bytesFromPcm16, encodeWav, resamplePcm16 } from '@parley/audio';
import { type ConversationClient, fixture, levelOf, sleep, webmRecording } from '@parley/testing/client';
import { type ConversationSettings, inConversation, useSharedServer } from './support/suite';

const server = useSharedServer();
const JSON_AUDIO: ConversationSettings = { start: { audio_transport: 'json' } };
const CHUNK_MS = 200;
const AUDIBLE = 200;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

const FORMATS = [
  ['raw PCM', 'audio/pcm;rate=16000', (pcm: Int16Array) => bytesFromPcm16(pcm)],
  ['WAV', 'audio/wav', (pcm: Int16Array) => encodeWav(pcm, 16_000)],
  ['WAV of another rate', 'audio/wav', (pcm: Int16Array) => encodeWav(resamplePcm16(pcm, 16_000, 48_000), 48_000)],
] as const;

describe('A client that knows only JSON', () => {
  it.concurrent.each(FORMATS)('is understood in %s, and receives speech in base64', (_, format, encode) =>
    inConversation(
      server,
      async (client) => {
        await sayInChunks(client, format, encode);
        const answer = await client.answerOf(1);
        expect(client.inbox.finalTranscript(1)).toContain('time');
        expect(answer.text).toMatch(/^It is/);

        const responses = client.inbox.messages('audio_response');
        expect(responses.map(({ turn }) => turn)).toEqual(responses.map(() => 1));
        expect(responses.map(({ seq }) => seq)).toEqual(responses.map((__, index) => index));
        expect(responses.map((response) => response.is_final)).toEqual([...responses.slice(1).map(() => false), true]);
        // All speech came as JSON and none as binary messages: there are as many pieces of speech as audio responses.
        expect(answer.speech.length).toBe(responses.length);
        expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
      },
      JSON_AUDIO,
    ),
  );

  it.concurrent('is understood in WebM, as a browser records it, while it records', () =>
    inConversation(
      server,
      async (client) => {
        await client.sendRecording(webmRecording('clean-time'));
        const answer = await client.answerOf(1);
        expect(client.inbox.finalTranscript(1)).toMatch(/what time is it/i);
        expect(answer.text).toMatch(/^It is/);
        expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
        expect(client.inbox.messages('error')).toEqual([]);
        // As early as with PCM: the turn ends after 900 ms of silence.
        const [metrics] = client.inbox.messages('turn_metrics');
        expect(metrics?.marks.turn_end).toBeLessThan(1_300);
      },
      JSON_AUDIO,
    ),
  );

  it.concurrent.each([
    ['a format that this server does not take', { data: 'AAAA', format: 'audio/ogg' }, 'unsupported_format'],
    ['PCM of another rate', { data: 'AAAA', format: 'audio/pcm;rate=8000' }, 'unsupported_format'],
    ['what is no base64', { data: '*'.repeat(64), format: 'audio/pcm;rate=16000' }, 'invalid_audio'],
    ['base64 that breaks off', { data: 'AAAAA', format: 'audio/pcm;rate=16000' }, 'invalid_audio'],
    ['nothing', { data: '', format: 'audio/pcm;rate=16000' }, 'invalid_audio'],
    ['half a sample', { data: 'AAAA', format: 'audio/pcm;rate=16000' }, 'invalid_audio'],
    ['more than two seconds', { data: base64(new Uint8Array(64_002)), format: 'audio/pcm;rate=16000' }, 'invalid_audio'],
    ['a WAV that is none', { data: base64(Buffer.from('RIFF of a kind')), format: 'audio/wav' }, 'invalid_audio'],
    ['a WAV of nothing', { data: base64(encodeWav(new Int16Array(0), 16_000)), format: 'audio/wav' }, 'invalid_audio'],
  ])('gets an error when it sends %s', (_, chunk, code) =>
    inConversation(
      server,
      async (client) => {
        client.send({ type: 'audio_chunk', ...chunk });
        await client.settled();
        expect(client.inbox.messages('error')).toEqual([{ type: 'error', code, message: expect.any(String), fatal: false }]);
      },
      JSON_AUDIO,
    ),
  );

  it.concurrent('may also receive speech as binary messages', () =>
    inConversation(
      server,
      async (client) => {
        await client.microphone.say(fixture('clean-time.wav').pcm);
        const answer = await client.answerOf(1);
        expect(client.inbox.finalTranscript(1)).toContain('time');
        expect(client.inbox.messages('audio_response').length).toBe(answer.speech.length);
      },
      JSON_AUDIO,
    ),
  );
});

/** Sends "what time is it" and then silence, like a recorder that emits a chunk every 200 ms. */
async function sayInChunks(client: ConversationClient, format: string, encode: (pcm: Int16Array) => Uint8Array): Promise<void> {
  const { pcm } = fixture('clean-time.wav');
  const samples = 16 * CHUNK_MS;
  const startMs = performance.now();
  for (let sent = 0; sent * samples < pcm.length; sent++) {
    await sleep(Math.max(0, startMs + sent * CHUNK_MS - performance.now()));
    client.send({ type: 'audio_chunk', format, data: base64(encode(pcm.slice(sent * samples, (sent + 1) * samples))) });
  }
}
