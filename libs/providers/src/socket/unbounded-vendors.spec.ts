import { ElevenLabsTextToSpeech } from '../elevenlabs/eleven-labs-text-to-speech';
import { SarvamSpeechToText } from '../sarvam/sarvam-speech-to-text';
import { collect } from '../testing/collect';
import { type ServerConnection, type SocketServer, startSocketServer } from '../testing/socket-server';

const MIB = 1024 * 1024;
const never = () => new AbortController().signal;

async function* sentence(text: string): AsyncGenerator<string> {
  yield text;
}

describe('a vendor that sends too much over its socket', () => {
  let server: SocketServer;
  const closes: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    server = await startSocketServer();
  });
  afterEach(async () => {
    await Promise.all(closes.splice(0).map((close) => close()));
    await server.close();
  });

  /** Returns the transcripts of an utterance during which the vendor acts as given. */
  async function recognised(act: (peer: ServerConnection) => void): Promise<unknown> {
    const stt = new SarvamSpeechToText({ apiKey: 'key', baseUrl: server.origin, simulated: true });
    const session = stt.open({}, never());
    closes.push(() => session.close());
    const peer = await server.accept();
    peer.send({ event: 'session.begin', config: {} });
    const utterance = session.utterance(never());
    utterance.push(new Int16Array(16_000));
    await peer.next(({ event }) => event === 'audio_input');
    act(peer);
    return collect(utterance.transcripts);
  }

  const partial = (text: string, index = 0) => ({ event: 'transcript.partial', utterance_idx: index, text });

  it.each<[string, (peer: ServerConnection) => void]>([
    ['a partial of 15 MB', (peer) => peer.send(partial('x'.repeat(15 * MIB)))],
    ['a partial that is longer than anyone can speak', (peer) => peer.send(partial('x'.repeat(5_000)))],
    [
      'partials without end',
      (peer) => {
        for (let i = 0; i < 3_000; i += 1) peer.send(partial(`words ${i}`));
      },
    ],
    [
      'utterances without end',
      (peer) => {
        for (let i = 0; i < 3_000; i += 1) peer.send(partial('word', i));
      },
    ],
    [
      'messages without content',
      (peer) => {
        for (let i = 0; i < 6_000; i += 1) peer.send({ event: 'pong', i });
      },
    ],
    ['bytes that are not valid text', (peer) => peer.socket.send(Buffer.of(0xff, 0xfe), { binary: false })],
  ])('fails the utterance by sending %s', async (_what, act) => {
    await expect(recognised(act)).rejects.toMatchObject({ code: 'bad_response' });
  });

  /** Returns the audio of a sentence in whose context the vendor acts as given. */
  async function spoken(act: (peer: ServerConnection, contextId: unknown) => void): Promise<unknown> {
    const tts = new ElevenLabsTextToSpeech({
      apiKey: 'key',
      baseUrl: server.origin,
      voiceId: 'v',
      modelId: 'eleven_flash_v2_5',
      simulated: true,
      firstAudioTimeoutMs: 20_000,
    });
    const session = tts.open({ sampleRateHz: 16_000 }, never());
    closes.push(() => session.close());
    const peer = await server.accept();
    const chunks = collect(session.speak(sentence('Hello there.'), never()));
    const { context_id: contextId } = await peer.next((message) => message['close_context'] === true);
    act(peer, contextId);
    return chunks;
  }

  const audio = (contextId: unknown, bytes: number, seed = 1) => ({ contextId, audio: Buffer.alloc(bytes, seed).toString('base64') });

  it.each<[string, (peer: ServerConnection, contextId: unknown) => void]>([
    ['a frame of 20 MB', (peer, id) => peer.send(audio(id, 20 * MIB))],
    [
      'a minute of audio for two words',
      (peer, id) => {
        for (let second = 0; second < 60; second += 1) peer.send(audio(id, 32_000, second));
      },
    ],
    [
      'a great number of tiny frames',
      (peer, id) => {
        for (let i = 0; i < 3_000; i += 1) peer.send(audio(id, 2, i % 251));
      },
    ],
  ])('fails the speech by sending %s', async (_what, act) => {
    await expect(spoken(act)).rejects.toMatchObject({ code: 'bad_response' });
  });
});
