import { getEventListeners } from 'node:events';
import { AsyncQueue } from '../shared/async-queue';
import type { SpeechChunk, TtsOptions, TtsSession } from '../ports/text-to-speech';
import { collect, until } from '../testing/collect';
import {
  startSocketServer,
  type ReceivedMessage,
  type ServerConnection,
  type SocketServer,
  type SocketServerOptions,
} from '../testing/socket-server';
import { ElevenLabsTextToSpeech, type ElevenLabsTextToSpeechOptions } from './eleven-labs-text-to-speech';

const RATE_HZ = 16_000;
const LONG_TIMEOUT_MS = 60_000;
/** A timeout for tests with a silent vendor. Even on a slow machine, a vendor that does answer is quicker than this. */
const SHORT_TIMEOUT_MS = 1_000;

async function* sentences(...texts: string[]) {
  yield* texts;
}

function audio(contextId: unknown, samples: number, extra: object = {}): object {
  return { audio: Buffer.alloc(samples * 2, 1).toString('base64'), contextId, isFinal: null, ...extra };
}

const isClose = (message: ReceivedMessage) => message['close_context'] === true;
const isOpening = (message: ReceivedMessage) => message['text'] === ' ';
const isText = (message: ReceivedMessage) => typeof message['text'] === 'string' && message['text'].trim() !== '';
const samplesOf = (chunks: readonly SpeechChunk[]) => chunks.reduce((sum, { pcm }) => sum + pcm.length, 0);

describe('ElevenLabsTextToSpeech over the WebSocket', () => {
  let server: SocketServer;
  const sessions: TtsSession[] = [];

  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    await server.close();
  });

  async function start(adapter: Partial<ElevenLabsTextToSpeechOptions> = {}, options: SocketServerOptions = {}): Promise<TtsSession> {
    server = await startSocketServer(options);
    const tts = new ElevenLabsTextToSpeech({
      apiKey: 'key',
      baseUrl: server.origin,
      voiceId: 'voice one',
      modelId: 'eleven_flash_v2_5',
      simulated: true,
      random: () => 0,
      // The timeouts are long, so that a slow test machine is not mistaken for a vendor that has fallen silent.
      handshakeTimeoutMs: LONG_TIMEOUT_MS,
      firstAudioTimeoutMs: LONG_TIMEOUT_MS,
      gapTimeoutMs: LONG_TIMEOUT_MS,
      ...adapter,
    });
    return open(tts, { sampleRateHz: RATE_HZ, language: 'en-IN' });
  }

  function open(tts: ElevenLabsTextToSpeech, options: TtsOptions): TtsSession {
    const session = tts.open(options, new AbortController().signal);
    sessions.push(session);
    return session;
  }

  const never = () => new AbortController().signal;
  const failing = (fields: object) => expect.objectContaining({ name: 'ProviderError', provider: 'elevenlabs', ...fields });

  it('opens the socket in advance, with the API key in a header and the parameters of the model', async () => {
    await start();
    const peer = await server.accept();
    expect(peer.url.pathname).toBe('/v1/text-to-speech/voice%20one/multi-stream-input');
    expect(Object.fromEntries(peer.url.searchParams)).toEqual({
      model_id: 'eleven_flash_v2_5',
      language_code: 'en',
      output_format: 'pcm_16000',
      auto_mode: 'true',
      sync_alignment: 'true',
      inactivity_timeout: '180',
    });
    expect(peer.headers['xi-api-key']).toBe('key');
    expect(peer.headers['sec-websocket-extensions']).toBeUndefined();
    expect(peer.received).toEqual([]);
  });

  it('sends whole sentences as they arrive and yields audio before the text has ended', async () => {
    const session = await start();
    const peer = await server.accept();
    const text = new AsyncQueue<string>();
    text.push('Hello there.');
    const chunks = session.speak(text, never())[Symbol.asyncIterator]();
    const first = chunks.next();
    const { context_id: id } = await peer.next(isText);
    peer.send(audio(id, 1_600));
    expect((await first).value?.pcm.length).toBe(1_600);
    text.push('How are you?');
    await peer.next(isText);
    text.end();
    await peer.next(isClose);
    peer.send({ contextId: id, isFinal: true });
    expect((await chunks.next()).done).toBe(true);
    expect(peer.received).toEqual([
      { text: ' ', voice_settings: { stability: 0.5, similarity_boost: 0.75 }, context_id: id },
      { text: 'Hello there. ', context_id: id },
      { text: 'How are you? ', context_id: id },
      { flush: true, context_id: id },
      { close_context: true, context_id: id },
    ]);
  });

  it('sends nothing for a text that contains no words', async () => {
    const session = await start();
    const peer = await server.accept();
    expect(await collect(session.speak(sentences('', ' … '), never()))).toEqual([]);
    expect(peer.received).toEqual([]);
  });

  it('reuses the socket with a new context and drops frames of all other contexts', async () => {
    const session = await start();
    const peer = await server.accept();
    const ids: unknown[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const chunks = collect(session.speak(sentences('Hello.'), never()));
      const { context_id: id } = await peer.next(isClose);
      ids.push(id);
      peer.send(audio('another', 500));
      if (turn > 0) peer.send(audio(ids[0], 500));
      peer.send(audio(id, 800, { isFinal: true }));
      expect(samplesOf(await chunks)).toBe(800);
    }
    expect(new Set(ids).size).toBe(2);
    expect(server.connections).toHaveLength(1);
  });

  it('carries odd bytes over to the next frame and gives times of alignment relative to the start of the call', async () => {
    const session = await start();
    const peer = await server.accept();
    const chunks = collect(session.speak(sentences('Hi.'), never()));
    const { context_id: id } = await peer.next(isClose);
    const alignment = { chars: ['H'], charStartTimesMs: [0], charDurationsMs: [50] };
    peer.send({ audio: Buffer.alloc(3_201).toString('base64'), contextId: id, normalizedAlignment: alignment });
    peer.send({ audio: Buffer.alloc(1).toString('base64'), contextId: id });
    peer.send({ ...audio(id, 1_600), alignment, isFinal: true });
    expect(await chunks).toMatchObject([
      { alignment: { startMs: [0] } },
      {},
      { alignment: { chars: ['H'], startMs: [(1_601 / RATE_HZ) * 1000], durationMs: [50] } },
    ]);
    expect((await chunks).map(({ pcm }) => pcm.length)).toEqual([1_600, 1, 1_600]);
  });

  it('yields every one of many identical frames', async () => {
    const session = await start();
    const peer = await server.accept();
    const speaking = collect(session.speak(sentences('Hello, how are you?'), never()));
    const { context_id: id } = await peer.next(isClose);
    const hush = { audio: Buffer.alloc(3_200).toString('base64'), contextId: id, isFinal: null };
    const frames = [...Array<object>(75).fill(audio(id, 3_200)), hush, hush, audio(id, 1_600, { isFinal: true })];
    for (const frame of frames) peer.send(frame);
    expect((await speaking).map(({ pcm }) => pcm.length)).toEqual([...Array<number>(75).fill(3_200), 1_600, 1_600, 1_600]);
  });

  it('ends at once when aborted, closes the context, and drops audio that is queued or arrives later', async () => {
    const session = await start();
    const peer = await server.accept();
    const controller = new AbortController();
    const onLeave = jest.fn();
    const text = new AsyncQueue<string>({ onLeave });
    text.push('A long story.');
    const seen: SpeechChunk[] = [];
    const speaking = (async () => {
      for await (const chunk of session.speak(text, controller.signal)) {
        seen.push(chunk);
        controller.abort();
      }
    })();
    const { context_id: id } = await peer.next(isText);
    for (let i = 0; i < 3; i += 1) peer.send(audio(id, 800));
    await speaking;
    expect(seen).toHaveLength(1);
    expect(await peer.next(isClose)).toEqual({ close_context: true, context_id: id });
    expect(onLeave).toHaveBeenCalledTimes(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    const next = collect(session.speak(sentences('Next.'), never()));
    const { context_id: nextId } = await peer.next(isClose);
    peer.send(audio(id, 800));
    peer.send(audio(nextId, 400, { isFinal: true }));
    expect(samplesOf(await next)).toBe(400);
  });

  it('closes the context when the consumer leaves the loop', async () => {
    const session = await start();
    const peer = await server.accept();
    const speaking = (async () => {
      for await (const { pcm } of session.speak(sentences('Hello.'), never())) return pcm.length;
      return 0;
    })();
    const { context_id: id } = await peer.next(isClose);
    peer.send(audio(id, 100));
    expect(await speaking).toBe(100);
    expect(await peer.next(isClose)).toEqual({ close_context: true, context_id: id });
  });

  it('sends nothing when it is aborted before the text has any words', async () => {
    const session = await start();
    const peer = await server.accept();
    const controller = new AbortController();
    const speaking = collect(session.speak(new AsyncQueue<string>(), controller.signal));
    controller.abort();
    expect(await speaking).toEqual([]);
    expect(await collect(session.speak(sentences('x'), AbortSignal.abort()))).toEqual([]);
    expect(peer.received).toEqual([]);
  });

  it('throws the error of its text source and closes the context', async () => {
    const session = await start();
    const peer = await server.accept();
    const text = new AsyncQueue<string>();
    text.push('Hello.');
    const speaking = collect(session.speak(text, never()));
    await peer.next(isText);
    text.fail(new Error('no more text'));
    await expect(speaking).rejects.toThrow('no more text');
    await peer.next(isClose);
  });

  describe('when the vendor sends no audio', () => {
    it('fails with a retryable timeout if there was no audio at all', async () => {
      const session = await start({ firstAudioTimeoutMs: 150 });
      await server.accept();
      await expect(collect(session.speak(sentences('Hello.'), never()))).rejects.toEqual(failing({ code: 'timeout', retryable: true }));
    });

    it('fails with a timeout that must not be retried if part of the speech has arrived', async () => {
      const session = await start({ gapTimeoutMs: 150 });
      const peer = await server.accept();
      const speaking = collect(session.speak(sentences('This is quite a long sentence to be spoken.'), never()));
      const { context_id: id } = await peer.next(isClose);
      peer.send(audio(id, 1_600));
      await expect(speaking).rejects.toEqual(failing({ code: 'timeout', retryable: false }));
    });

    it('uses another socket for the next speech', async () => {
      const session = await start({ firstAudioTimeoutMs: SHORT_TIMEOUT_MS });
      await server.accept();
      await expect(collect(session.speak(sentences('Hello.'), never()))).rejects.toEqual(failing({ code: 'timeout' }));
      const again = collect(session.speak(sentences('Hello.'), never()));
      const peer = await server.accept();
      const { context_id: id } = await peer.next(isClose);
      peer.send(audio(id, RATE_HZ / 2, { isFinal: true }));
      expect(samplesOf(await again)).toBe(RATE_HZ / 2);
    });

    it('ends normally if all of the audio has arrived and only the final marker is missing', async () => {
      const session = await start({ gapTimeoutMs: 150 });
      const peer = await server.accept();
      const speaking = collect(session.speak(sentences('Short.'), never()));
      const { context_id: id } = await peer.next(isClose);
      peer.send(audio(id, RATE_HZ / 2));
      expect(samplesOf(await speaking)).toBe(RATE_HZ / 2);
    });

    it('does not fail while it is waiting for more text', async () => {
      const session = await start({ gapTimeoutMs: SHORT_TIMEOUT_MS });
      const peer = await server.accept();
      const text = new AsyncQueue<string>();
      text.push('Short.');
      const speaking = collect(session.speak(text, never()));
      const { context_id: id } = await peer.next(isText);
      peer.send(audio(id, RATE_HZ / 2));
      await new Promise((resolve) => setTimeout(resolve, 1.5 * SHORT_TIMEOUT_MS));
      text.push('More.');
      text.end();
      await peer.next(isClose);
      peer.send(audio(id, RATE_HZ / 2, { isFinal: true }));
      expect(samplesOf(await speaking)).toBe(RATE_HZ);
    });

    it('fails if the vendor marks the speech as final without any audio', async () => {
      const session = await start();
      const peer = await server.accept();
      const speaking = collect(session.speak(sentences('Hello.'), never()));
      const { context_id: id } = await peer.next(isClose);
      peer.send({ contextId: id, isFinal: true });
      await expect(speaking).rejects.toEqual(failing({ code: 'unavailable' }));
    });
  });

  it('keeps a context alive while its text is slow, but not once the text is complete', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
    try {
      const session = await start();
      const peer = await server.accept();
      const text = new AsyncQueue<string>();
      text.push('Short.');
      const chunks = session.speak(text, never())[Symbol.asyncIterator]();
      const first = chunks.next();
      const { context_id: id } = await peer.next(isText);
      peer.send(audio(id, RATE_HZ / 2));
      await first;
      jest.advanceTimersByTime(10_000);
      expect(await peer.next(({ text: sent }) => sent === '')).toEqual({ text: '', context_id: id });
      text.end();
      await peer.next(isClose);
      peer.send({ contextId: id, isFinal: true });
      expect((await chunks.next()).done).toBe(true);
      const sent = peer.received.length;
      jest.advanceTimersByTime(30_000);
      await new Promise((resolve) => setImmediate(resolve));
      expect(peer.received).toHaveLength(sent);
    } finally {
      jest.useRealTimers();
    }
  });

  describe('failures of the connection and of contexts', () => {
    it.each([
      [0, true],
      [1, false],
    ])('reports a lost connection after %i chunks with retryable %p, and uses a new socket afterwards', async (chunks, retryable) => {
      const session = await start();
      const peer = await server.accept();
      const speaking = collect(session.speak(sentences('Hello.'), never()));
      const { context_id: id } = await peer.next(isClose);
      for (let i = 0; i < chunks; i += 1) peer.send(audio(id, 100));
      peer.socket.close(1001);
      await expect(speaking).rejects.toEqual(failing({ code: 'connection_lost', retryable }));
      const again = collect(session.speak(sentences('Again.'), never()));
      const second = await server.accept();
      const { context_id: nextId } = await second.next(isClose);
      second.send(audio(nextId, 100, { isFinal: true }));
      expect(samplesOf(await again)).toBe(100);
    });

    it('an error that names no context fails all contexts', async () => {
      const session = await start();
      const peer = await server.accept();
      const both = [1, 2].map(() => collect(session.speak(sentences('Hello.'), never())));
      await peer.next(isClose);
      await peer.next(isClose);
      peer.send({ message: 'm', error: 'quota_exceeded', code: 1008 });
      for (const speaking of both) await expect(speaking).rejects.toEqual(failing({ code: 'quota', retryable: false }));
    });

    it('an error that names one context does not affect the others', async () => {
      const session = await start();
      const peer = await server.accept();
      const one = collect(session.speak(sentences('One.'), never()));
      const { context_id: oneId } = await peer.next(isClose);
      const two = collect(session.speak(sentences('Two.'), never()));
      const { context_id: twoId } = await peer.next(isClose);
      peer.send({ message: 'm', error: 'system_busy', contextId: oneId });
      await expect(one).rejects.toEqual(failing({ code: 'rate_limited' }));
      peer.send(audio(twoId, 100, { isFinal: true }));
      expect(samplesOf(await two)).toBe(100);
    });

    it('a message that is not JSON fails the speech as a bad response', async () => {
      const session = await start();
      const peer = await server.accept();
      const speaking = collect(session.speak(sentences('Hello.'), never()));
      await peer.next(isClose);
      peer.socket.send('{"audio":"');
      await expect(speaking).rejects.toEqual(failing({ code: 'bad_response' }));
    });

    it('a context that the vendor ends before its text is complete counts as a lost connection', async () => {
      const session = await start();
      const peer = await server.accept();
      const text = new AsyncQueue<string>();
      text.push('Hello.');
      const speaking = collect(session.speak(text, never()));
      const { context_id: id } = await peer.next(isText);
      peer.send(audio(id, 100, { isFinal: true }));
      await expect(speaking).rejects.toEqual(failing({ code: 'connection_lost', retryable: false }));
    });

    it('an idle socket is opened again when the vendor closes it', async () => {
      await start();
      (await server.accept()).socket.close(1008, 'input_timeout_exceeded');
      await until(() => server.connections.length === 2);
    });

    it('a socket that the vendor closes right after opening is not opened again and again', async () => {
      const session = await start();
      const peer = await server.accept();
      peer.send({ message: 'm', error: 'quota_exceeded', code: 1008 });
      peer.socket.close(1008);
      await expect(collect(session.speak(sentences('Hello.'), never()))).rejects.toEqual(failing({ code: 'quota' }));
      expect(server.connections).toHaveLength(1);
    });

    it('a key that the socket refuses is not tried over HTTP', async () => {
      const refusal = { status: 401, body: '{"detail":{"status":"invalid_api_key"}}' };
      const session = await start({}, { refuse: () => refusal });
      await expect(collect(session.speak(sentences('Hello.'), never()))).rejects.toEqual(failing({ code: 'auth' }));
    });
  });

  describe('the limit of five contexts for each socket', () => {
    async function speakMany(session: TtsSession, count: number): Promise<Promise<SpeechChunk[]>[]> {
      return Array.from({ length: count }, () => collect(session.speak(sentences('Hello.'), never())));
    }

    async function finish(peer: ServerConnection, count: number): Promise<void> {
      for (let i = 0; i < count; i += 1) {
        const { context_id: id } = await peer.next(isClose);
        peer.send(audio(id, 100, { isFinal: true }));
      }
    }

    it('opens a new socket for the sixth context and closes the full socket after its last context', async () => {
      const session = await start();
      const peer = await server.accept();
      const speaking = await speakMany(session, 6);
      const second = await server.accept();
      await second.next(isClose);
      expect(peer.received.filter(isOpening)).toHaveLength(5);
      await finish(peer, 5);
      await peer.closed;
      const { context_id: id } = second.received.find(isOpening) ?? {};
      second.send(audio(id, 100, { isFinal: true }));
      expect((await Promise.all(speaking)).map(samplesOf)).toEqual([100, 100, 100, 100, 100, 100]);
    });

    it('still counts contexts for a second after they have ended', async () => {
      const session = await start();
      const peer = await server.accept();
      for (let i = 0; i < 5; i += 1) {
        const [speaking] = await speakMany(session, 1);
        await finish(peer, 1);
        await speaking;
      }
      const [sixth] = await speakMany(session, 1);
      const second = await server.accept();
      await finish(second, 1);
      await sixth;
      expect(server.connections).toHaveLength(2);
    });
  });

  describe('close', () => {
    it('ends running speech without an error and is idempotent', async () => {
      const session = await start();
      const peer = await server.accept();
      const speaking = collect(session.speak(sentences('Hello.'), never()));
      await peer.next(isClose);
      const closing = session.close();
      expect(session.close()).toBe(closing);
      expect(await speaking).toEqual([]);
      await closing;
      await peer.closed;
      expect(await collect(session.speak(sentences('Hello.'), never()))).toEqual([]);
      expect(server.connections).toHaveLength(1);
    });

    it('also happens when the signal of the session is aborted', async () => {
      await start();
      const controller = new AbortController();
      const tts = new ElevenLabsTextToSpeech({
        apiKey: 'k',
        baseUrl: server.origin,
        voiceId: 'v',
        modelId: 'eleven_flash_v2_5',
        simulated: true,
      });
      tts.open({ sampleRateHz: RATE_HZ }, controller.signal);
      await server.accept();
      const peer = await server.accept();
      controller.abort();
      await peer.closed;
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    });
  });
});
