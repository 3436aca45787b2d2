import type { NarrationNotice, NarrationOptions, NarrationPiece } from '../../ports/narration';
import { AsyncQueue } from '../../shared/async-queue';
import { collect, until } from '../../testing/collect';
import { type HttpServer, startHttpServer } from '../../testing/http-server';
import { type ServerConnection, type SocketServer, type SocketServerOptions, startSocketServer } from '../../testing/socket-server';
import { ElevenLabsNarration, type ElevenLabsNarrationOptions } from './eleven-labs-narration';

const VOICE: NarrationOptions = { voiceId: 'v1', model: 'eleven_flash_v2_5', sampleRateHz: 16_000 };
const TEXT = 'The first sentence of a story. ';

/** A frame that speaks a text, 50 ms a character. */
const spoken = (text: string) => ({
  audio: Buffer.from(new Int16Array(text.length * 800).fill(500).buffer).toString('base64'),
  isFinal: null,
  alignment: {
    chars: Array.from(text),
    charStartTimesMs: Array.from(text, (_, index) => index * 50),
    charDurationsMs: Array.from(text, () => 50),
  },
  normalizedAlignment: null,
});
const FINAL = { audio: null, isFinal: true };
const isEnd = ({ text }: Record<string, unknown>) => text === '';

describe('narration over the vendor’s socket', () => {
  let server: SocketServer | HttpServer;
  let narration: ElevenLabsNarration;
  const waits: number[] = [];
  const notices: NarrationNotice[] = [];
  const never = () => new AbortController().signal;

  beforeEach(() => {
    waits.length = 0;
    notices.length = 0;
  });
  afterEach(async () => {
    await narration.close();
    await server.close();
  });

  function create(origin: string, options: Partial<ElevenLabsNarrationOptions> = {}): void {
    narration = new ElevenLabsNarration({
      apiKey: 'k',
      baseUrl: origin,
      simulated: false,
      keepsSpare: false,
      random: () => 0.5,
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      ...options,
    });
  }

  async function start(options: Partial<ElevenLabsNarrationOptions> & SocketServerOptions = {}): Promise<SocketServer> {
    const sockets = await startSocketServer(options);
    server = sockets;
    create(sockets.origin, options);
    return sockets;
  }

  const narrate = (pieces: AsyncIterable<NarrationPiece> | string, more: Partial<NarrationOptions> = {}) => {
    const all = typeof pieces === 'string' ? piecesOf(pieces) : pieces;
    return collect(narration.narrate(all, { ...VOICE, onNotice: (notice) => notices.push(notice), ...more }, never()));
  };
  async function* piecesOf(...texts: string[]): AsyncGenerator<NarrationPiece> {
    for (const text of texts) yield { text };
  }
  const texts = ({ received }: ServerConnection) => received.map(({ text }) => text);

  it('asks for the voice, the model, the format and the alignment', async () => {
    const sockets = await start();
    const heard = narrate(TEXT, { language: 'hi-IN', sampleRateHz: 22_050, seed: 7 });
    const connection = await sockets.accept();
    expect(connection.url.pathname).toBe('/v1/text-to-speech/v1/stream-input');
    expect(Object.fromEntries(connection.url.searchParams)).toMatchObject({
      model_id: 'eleven_flash_v2_5',
      language_code: 'hi',
      output_format: 'pcm_22050',
      sync_alignment: 'true',
      seed: '7',
    });
    expect(connection.headers['xi-api-key']).toBe('k');
    await connection.next(isEnd);
    connection.send(spoken(TEXT));
    connection.send(FINAL);
    await heard;
  });

  it('sends settings and schedule first, then text that never ends within a word, and an empty text at the end', async () => {
    const sockets = await start();
    const heard = narrate(piecesOf('The fir', 'st sente', 'nce. And', ' 3', '.14'), {
      settings: { stability: 0.4, similarity: 0.8, speed: 1.1 },
      chunkSchedule: [50, 100],
    });
    const connection = await sockets.accept();
    await connection.next(isEnd);
    expect(connection.received[0]).toEqual({
      text: ' ',
      voice_settings: { stability: 0.4, similarity_boost: 0.8, speed: 1.1 },
      generation_config: { chunk_length_schedule: [50, 100] },
    });
    expect(texts(connection).slice(1)).toEqual(['The ', 'first ', 'sentence. ', 'And ', '3.14 ', '']);
    connection.send(spoken('The first sentence. And 3.14'));
    connection.send(FINAL);
    await heard;
  });

  it('has everything generated at once when a piece is flushed', async () => {
    const sockets = await start();
    const pieces = new AsyncQueue<NarrationPiece>();
    const heard = narrate(pieces);
    pieces.push({ text: 'Hello', flush: true });
    const connection = await sockets.accept();
    await expect(connection.next(({ flush }) => flush === true)).resolves.toEqual({ text: 'Hello ', flush: true });
    pieces.push({ text: ' there.' });
    pieces.push({ text: '', flush: true });
    await expect(connection.next(({ flush }) => flush === true)).resolves.toEqual({ text: 'there. ', flush: true });
    pieces.end();
    await connection.next(isEnd);
    connection.send(spoken('Hello there.'));
    connection.send(FINAL);
    expect((await heard).flatMap(({ alignment }) => alignment?.chars ?? []).join('')).toBe('Hello there.');
  });

  it('keeps the socket alive while the writer is slow', async () => {
    const sockets = await start({ keepAliveMs: 5 });
    const pieces = new AsyncQueue<NarrationPiece>();
    const heard = narrate(pieces);
    pieces.push({ text: 'Slowly ' });
    const connection = await sockets.accept();
    await connection.next(({ text }) => text === 'Slowly ');
    for (let count = 0; count < 3; count += 1) await expect(connection.next()).resolves.toEqual({ text: ' ' });
    pieces.end();
    await connection.next(isEnd);
    connection.send(spoken('Slowly '));
    connection.send(FINAL);
    await heard;
  });

  it('continues on another socket behind the last word that was handed out', async () => {
    const sockets = await start();
    const heard = narrate(TEXT);
    const first = await sockets.accept();
    await first.next(isEnd);
    first.send(spoken('The first sent'));
    first.socket.once('pong', () => first.socket.terminate());
    first.socket.ping();
    const second = await sockets.accept();
    await second.next(isEnd);
    expect(texts(second)).toEqual([' ', 'sentence of a story. ', '']);
    second.send(spoken('sentence of a story. '));
    second.send(FINAL);
    expect((await heard).flatMap(({ alignment }) => alignment?.chars ?? []).join('')).toBe(TEXT);
    expect(waits).toEqual([1_000]);
    expect(notices.filter(({ type }) => type === 'reconnected')).toHaveLength(1);
  });

  it('waits 1, 2 and 4 s before it tries again, then goes over HTTP, and reports that failure when that fails too', async () => {
    const sockets = await start();
    const heard = narrate(TEXT);
    const failed = expect(heard).rejects.toMatchObject({ provider: 'elevenlabs', code: 'model_not_found' });
    for (let count = 0; count < 4; count += 1) {
      const connection = await sockets.accept();
      await connection.next(isEnd);
      connection.socket.close(1011);
    }
    await failed;
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(notices).toContainEqual({ type: 'fallback', to: 'http' });
    expect(sockets.connections).toHaveLength(4);
  });

  it.each([
    ['quota_exceeded', 'quota'],
    ['invalid_api_key', 'auth'],
  ])('does not try again after %s', async (error, code) => {
    const sockets = await start();
    const failed = expect(narrate(TEXT)).rejects.toMatchObject({ code });
    const connection = await sockets.accept();
    await connection.next(isEnd);
    connection.send({ message: 'no', error, code: 1008 });
    await failed;
    expect(waits).toEqual([]);
    expect(sockets.connections).toHaveLength(1);
  });

  it('goes over HTTP at once when the socket cannot be opened, with the neighbouring text', async () => {
    const sentences = [
      'It was a dark and stormy night in the old harbour of the town. ',
      'Nobody slept, and everybody waited for the morning. ',
    ];
    const http = await startHttpServer(({ body }, response) => {
      const { audio, alignment } = spoken(String(body['text']));
      const seconds = (ms: number[]) => ms.map((value) => value / 1000);
      const timed = {
        characters: alignment.chars,
        character_start_times_seconds: seconds(alignment.charStartTimesMs),
        character_end_times_seconds: seconds(alignment.charStartTimesMs.map((ms) => ms + 50)),
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify({ audio_base64: audio, alignment: timed, normalized_alignment: null })}\n`);
    });
    server = http;
    create(http.origin);
    const heard = await narrate(piecesOf(...sentences), { chunkSchedule: [50] });
    expect(heard.flatMap(({ alignment }) => alignment?.chars ?? []).join('')).toBe(sentences.join(''));
    expect(http.requests.map(({ body }) => body['text'])).toEqual(sentences);
    expect(http.requests[1]?.body).toMatchObject({ previous_text: sentences[0]?.trim(), model_id: 'eleven_flash_v2_5' });
    expect(waits).toEqual([]);
    expect(notices.filter(({ type }) => type === 'fallback')).toHaveLength(1);
  });

  it('asks over HTTP when the socket ends the speech without audio, as with a used-up quota', async () => {
    const sockets = await start();
    const failed = expect(narrate(TEXT)).rejects.toMatchObject({ code: 'model_not_found' });
    const connection = await sockets.accept();
    await connection.next(isEnd);
    connection.send(FINAL);
    await failed;
    expect(waits).toEqual([]);
    expect(sockets.connections).toHaveLength(1);
  });

  it('takes the end for reached when the final marker is lost but the last word was spoken', async () => {
    const sockets = await start();
    const heard = narrate(TEXT);
    const connection = await sockets.accept();
    await connection.next(isEnd);
    connection.send(spoken(TEXT));
    connection.socket.close(1000);
    expect((await heard).flatMap(({ alignment }) => alignment?.chars ?? []).join('')).toBe(TEXT);
    expect(sockets.connections).toHaveLength(1);
  });

  it('does not send text without end before it is spoken', async () => {
    const sockets = await start();
    const long = 'A sentence of words. '.repeat(200);
    const heard = narrate(piecesOf(...(long.match(/.{1,21}/gs) ?? [])));
    const connection = await sockets.accept();
    const sent = () => texts(connection).join('').length;
    await until(() => sent() >= 2_000);
    expect(sent()).toBeLessThan(2_100);
    for (let from = 0; from < long.length; from += 420) {
      const text = long.slice(from, from + 420);
      await until(() => sent() >= from + text.length);
      connection.send(spoken(text));
    }
    await connection.next(isEnd);
    connection.send(FINAL);
    expect((await heard).flatMap(({ alignment }) => alignment?.chars ?? []).join('')).toBe(long);
  });

  it('keeps a spare socket for the next narration, and renews it before it idles out only while a narration runs', async () => {
    const sockets = await start({ keepsSpare: true, spareIdleMs: 30 });
    const pieces = new AsyncQueue<NarrationPiece>();
    const heard = narrate(pieces);
    const first = await sockets.accept();
    const spare = await sockets.accept();
    await spare.closed;
    const renewed = await sockets.accept();
    expect(renewed.url.href).toBe(first.url.href);
    pieces.push({ text: TEXT });
    pieces.end();
    await first.next(isEnd);
    first.send(spoken(TEXT));
    first.send(FINAL);
    await heard;
    await Promise.all(sockets.connections.map(({ closed }) => closed));
    expect(renewed.received).toEqual([]);
  });

  it('speaks on the spare socket, which needs no handshake', async () => {
    const sockets = await start({ keepsSpare: true });
    for (const count of [1, 2]) {
      const heard = narrate(TEXT);
      await until(() => sockets.connections.length === count + 1);
      const connection = sockets.connections[count - 1];
      if (!connection) throw new Error('there is no connection');
      await connection.next(isEnd);
      connection.send(spoken(TEXT));
      connection.send(FINAL);
      expect((await heard).length).toBeGreaterThan(0);
    }
  });
});
