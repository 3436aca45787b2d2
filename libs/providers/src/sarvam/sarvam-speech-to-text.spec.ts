import { getEventListeners } from 'node:events';
import type { SttSession, SttUtterance, Transcript } from '../ports/speech-to-text';
import { collect, until } from '../testing/collect';
import {
  startSocketServer,
  type ReceivedMessage,
  type ServerConnection,
  type SocketServer,
  type SocketServerOptions,
} from '../testing/socket-server';
import { SarvamSpeechToText, type SarvamSpeechToTextOptions } from './sarvam-speech-to-text';

/** A timeout that is long enough for a slow test machine not to be mistaken for a vendor that does not answer. */
const LONG_TIMEOUT_MS = 60_000;
/** A timeout for tests in which the vendor is late. Even on a slow machine, a vendor that does answer is quicker than this. */
const SHORT_TIMEOUT_MS = 1_000;
const FRAME = new Int16Array(320).fill(7);
const isAudio = (message: ReceivedMessage) => message['event'] === 'audio_input' || 'audio' in message;
const is = (event: string) => (message: ReceivedMessage) => message['event'] === event;

function samplesOf(messages: readonly ReceivedMessage[]): number {
  return messages.filter(is('audio_input')).reduce((sum, { audio }) => sum + Buffer.from(String(audio), 'base64').length / 2, 0);
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('SarvamSpeechToText', () => {
  let server: SocketServer;
  const sessions: SttSession[] = [];
  const ending = new AbortController();

  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    await server.close();
  });

  async function start(options: SocketServerOptions = {}, adapter: Partial<SarvamSpeechToTextOptions> = {}) {
    server = await startSocketServer(options);
    const patient = { handshakeTimeoutMs: LONG_TIMEOUT_MS, finalTimeoutMs: LONG_TIMEOUT_MS };
    const plain = { apiKey: 'key', baseUrl: server.origin, simulated: true, random: () => 0 };
    const stt = new SarvamSpeechToText({ ...plain, ...patient, ...adapter });
    return { stt, open: () => openSession(stt) };
  }

  function openSession(stt: SarvamSpeechToText): SttSession {
    const session = stt.open({ language: 'en-IN' }, ending.signal);
    sessions.push(session);
    return session;
  }

  async function greet(): Promise<ServerConnection> {
    const peer = await server.accept();
    peer.send({ event: 'session.begin', request_id: 'r', config: {} });
    return peer;
  }

  function speak(session: SttSession, frames: number, signal: AbortSignal = new AbortController().signal): SttUtterance {
    const utterance = session.utterance(signal);
    for (let i = 0; i < frames; i += 1) utterance.push(FRAME);
    return utterance;
  }

  const final = (index: number, text: string) => ({ event: 'transcript.final', utterance_idx: index, text });
  const partial = (index: number, text: string) => ({ event: 'transcript.partial', utterance_idx: index, text });
  const failing = (code: string) => expect.objectContaining({ name: 'ProviderError', provider: 'sarvam', code });

  it('combines frames into messages of 100 ms and sends the rest at the end', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 12);
    utterance.end();
    utterance.end();
    utterance.push(FRAME);
    await peer.next(is('speech_end'));
    const sizes = peer.received.filter(isAudio).map(({ audio }) => Buffer.from(String(audio), 'base64').length / 2);
    expect(sizes).toEqual([1600, 1600, 640]);
    expect(peer.received.map(({ event }) => event)).toEqual(['speech_start', 'audio_input', 'audio_input', 'audio_input', 'speech_end']);
    expect(peer.headers['api-subscription-key']).toBe('key');
    peer.send(final(0, 'Hello.'));
    expect(await collect(utterance.transcripts)).toEqual([{ text: 'Hello.', isFinal: true }]);
  });

  it('yields partials without repetitions before the input has ended, and one final', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 10);
    const transcripts = utterance.transcripts[Symbol.asyncIterator]();
    await peer.next(isAudio);
    peer.send({ event: 'vad.speech_start', utterance_idx: 0 });
    for (const text of ['what', 'what', 'watch the']) peer.send(partial(0, text));
    expect((await transcripts.next()).value).toEqual({ text: 'what', isFinal: false });
    expect((await transcripts.next()).value).toEqual({ text: 'watch the', isFinal: false });
    utterance.end();
    await peer.next(is('speech_end'));
    peer.send(final(0, 'What is'));
    peer.send(final(1, 'the time?'));
    peer.send(final(1, 'the time?'));
    expect((await transcripts.next()).value).toEqual({ text: 'What is the time?', isFinal: true });
    expect((await transcripts.next()).done).toBe(true);
  });

  it('buffers audio until the session has begun', async () => {
    const { open } = await start();
    const session = open();
    const utterance = speak(session, 20);
    utterance.end();
    const peer = await server.accept();
    expect(peer.received).toEqual([]);
    peer.send({ event: 'session.begin', config: {} });
    await peer.next(is('speech_end'));
    expect(samplesOf(peer.received)).toBe(20 * 320);
    peer.send(final(0, 'ok'));
    expect(await collect(utterance.transcripts)).toHaveLength(1);
  });

  it('answers an utterance without audio with an empty final, without asking the vendor', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const utterance = session.utterance(ending.signal);
    utterance.end();
    expect(await collect(utterance.transcripts)).toEqual([{ text: '', isFinal: true }]);
    expect(peer.received).toEqual([]);
  });

  it('ends a discarded utterance without an error and ignores its final', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const controller = new AbortController();
    const discarded = speak(session, 10, controller.signal);
    await peer.next(isAudio);
    controller.abort();
    expect(await collect(discarded.transcripts)).toEqual([]);
    await peer.next(is('speech_end'));
    const next = speak(session, 10);
    next.end();
    await peer.next(is('speech_end'));
    peer.send(final(0, 'discarded'));
    peer.send(final(1, 'next'));
    expect(await collect(next.transcripts)).toEqual([{ text: 'next', isFinal: true }]);
    expect(server.connections).toHaveLength(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('discards an utterance when the next one begins before it has ended, and when its reader leaves', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const first = speak(session, 10);
    await peer.next(isAudio);
    const second = speak(session, 10);
    expect(await collect(first.transcripts)).toEqual([]);
    await peer.next(is('speech_end'));
    await peer.next(isAudio);
    peer.send(partial(1, 'half'));
    for await (const { text } of second.transcripts) {
      expect(text).toBe('half');
      break;
    }
    await peer.next(is('speech_end'));
  });

  it('delivers the final of an ended utterance while the next one is being spoken', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const first = speak(session, 10);
    first.end();
    await peer.next(is('speech_end'));
    const second = speak(session, 10);
    await peer.next(isAudio);
    peer.send(partial(1, 'second'));
    peer.send(final(0, 'first'));
    expect(await collect(first.transcripts)).toEqual([{ text: 'first', isFinal: true }]);
    second.end();
    await peer.next(is('speech_end'));
    peer.send(final(1, 'second words'));
    expect((await collect(second.transcripts)).at(-1)).toEqual({ text: 'second words', isFinal: true });
  });

  it('fails with a timeout when a final is overdue, closes the connection and opens a new one', async () => {
    const { open } = await start({}, { finalTimeoutMs: SHORT_TIMEOUT_MS });
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 10);
    utterance.end();
    await expect(collect(utterance.transcripts)).rejects.toEqual(failing('timeout'));
    await peer.closed;
    const again = await greet();
    const retry = speak(session, 10);
    retry.end();
    await again.next(is('speech_end'));
    again.send(final(0, 'heard'));
    expect(await collect(retry.transcripts)).toEqual([{ text: 'heard', isFinal: true }]);
  });

  it('lets the next utterance continue when the final of the previous one is overdue', async () => {
    const { open } = await start({}, { finalTimeoutMs: SHORT_TIMEOUT_MS });
    const session = open();
    const peer = await greet();
    const first = speak(session, 10);
    first.end();
    const second = speak(session, 10);
    await expect(collect(first.transcripts)).rejects.toEqual(failing('timeout'));
    second.end();
    await peer.next(is('speech_end'));
    await peer.next(is('speech_end'));
    peer.send(final(1, 'second'));
    expect(await collect(second.transcripts)).toEqual([{ text: 'second', isFinal: true }]);
    expect(server.connections).toHaveLength(1);
  });

  it('uses the finals that came before the end when no further final arrives', async () => {
    const { open } = await start({}, { finalTimeoutMs: 150 });
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 10);
    const transcripts = utterance.transcripts[Symbol.asyncIterator]();
    await peer.next(isAudio);
    peer.send(final(0, 'all there was'));
    expect((await transcripts.next()).value).toEqual({ text: 'all there was', isFinal: false });
    utterance.end();
    expect((await transcripts.next()).value).toEqual({ text: 'all there was', isFinal: true });
  });

  it('fails an utterance whose connection drops, and sends its replay over a new connection', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 10);
    await peer.next(isAudio);
    peer.socket.terminate();
    await expect(collect(utterance.transcripts)).rejects.toEqual(failing('connection_lost'));
    const replay = speak(session, 10);
    replay.end();
    const again = await greet();
    await again.next(is('speech_end'));
    again.send(final(0, 'replayed'));
    expect(await collect(replay.transcripts)).toEqual([{ text: 'replayed', isFinal: true }]);
  });

  it('reopens an idle connection in the background when the vendor closes it', async () => {
    const { open } = await start();
    open();
    (await greet()).socket.close(1008, 'idle');
    await greet();
    expect(server.connections).toHaveLength(2);
  });

  it('fails with bad_response when a message does not follow the protocol', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 10);
    await peer.next(isAudio);
    peer.socket.send('{"event":"transcript.partial","utter');
    await expect(collect(utterance.transcripts)).rejects.toEqual(failing('bad_response'));
  });

  it('treats a final without text as an empty one', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 10);
    utterance.end();
    await peer.next(is('speech_end'));
    peer.send({ ...final(0, ''), text: null });
    expect(await collect(utterance.transcripts)).toEqual([{ text: '', isFinal: true }]);
    expect(server.connections).toHaveLength(1);
  });

  it('continues after an error that is not fatal', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    peer.send({ event: 'error', is_fatal: false, code: 'invalid_config', message: 'm' });
    const utterance = speak(session, 10);
    utterance.end();
    await peer.next(is('speech_end'));
    peer.send(final(0, 'fine'));
    expect(await collect(utterance.transcripts)).toHaveLength(1);
  });

  it.each([
    [{ status: 403, body: '{"error":{"code":"invalid_api_key_error"}}' }, 'auth', false],
    [{ status: 429, body: '{"error":{"code":"rate_limit_exceeded_error"}}' }, 'rate_limited', true],
  ])('reports a refused connection to the reader of the transcripts: %j', async (refusal, code, retryable) => {
    const { open } = await start({ refuse: () => refusal });
    const utterance = speak(open(), 10);
    await expect(collect(utterance.transcripts)).rejects.toMatchObject({ code, retryable });
  });

  it('fails with a timeout when a connection opens but the session never begins', async () => {
    const { open } = await start({}, { handshakeTimeoutMs: 40 });
    const utterance = speak(open(), 10);
    await expect(collect(utterance.transcripts)).rejects.toEqual(failing('timeout'));
  });

  it('fails the utterance after a fatal error even if the vendor does not close the connection', async () => {
    const { open } = await start();
    const session = open();
    const peer = await greet();
    const utterance = speak(session, 10);
    await peer.next(isAudio);
    peer.send({ event: 'error', is_fatal: true, status_code: 401 });
    await expect(collect(utterance.transcripts)).rejects.toEqual(failing('auth'));
  });

  describe('with an account that may not use the realtime socket', () => {
    async function deny(): Promise<void> {
      const peer = await server.accept();
      peer.send({ event: 'error', is_fatal: true, status_code: 403, message: 'not enabled' });
      peer.socket.close(4000, 'beta');
    }
    const data = (transcript: string) => ({ type: 'data', data: { transcript } });
    const isFlush = (message: ReceivedMessage) => message['type'] === 'flush';

    it('begins with the legacy socket if it is configured to', async () => {
      const { open } = await start({}, { legacyOnly: true });
      open();
      expect((await server.accept()).url.pathname).toBe('/speech-to-text/ws');
    });

    it('moves to the legacy socket without losing the utterance, and starts later sessions there', async () => {
      const { stt, open } = await start();
      const session = open();
      const utterance = speak(session, 12);
      utterance.end();
      await deny();
      const legacy = await server.accept();
      expect(legacy.url.pathname).toBe('/speech-to-text/ws');
      await legacy.next(isFlush);
      expect(legacy.received.map((message) => ('audio' in message ? 'audio' : message['type']))).toEqual([
        'audio',
        'audio',
        'audio',
        'flush',
      ]);
      legacy.send({ type: 'events', data: { signal_type: 'START_SPEECH' } });
      legacy.send({ type: 'events', data: { signal_type: 'END_SPEECH' } });
      legacy.send(data('namaste'));
      expect(await collect(utterance.transcripts)).toEqual<Transcript[]>([{ text: 'namaste', isFinal: true }]);
      openSession(stt);
      expect((await server.accept()).url.pathname).toBe('/speech-to-text/ws');
    });

    it('holds back the next utterance until the previous one has its final', async () => {
      const { open } = await start();
      const session = open();
      await deny();
      const legacy = await server.accept();
      const first = speak(session, 10);
      first.end();
      await legacy.next(isFlush);
      const second = speak(session, 10);
      second.end();
      await turns(20);
      expect(legacy.received.filter(isFlush)).toHaveLength(1);
      legacy.send({ type: 'events', data: { signal_type: 'START_SPEECH' } });
      legacy.send(data('first'));
      expect(await collect(first.transcripts)).toEqual([{ text: 'first', isFinal: true }]);
      await legacy.next(isFlush);
      legacy.send(data('second'));
      expect(await collect(second.transcripts)).toEqual([{ text: 'second', isFinal: true }]);
    });

    it('begins no further utterance on a connection on which a final is overdue', async () => {
      const { open } = await start({}, { finalTimeoutMs: SHORT_TIMEOUT_MS });
      const session = open();
      await deny();
      const legacy = await server.accept();
      const first = speak(session, 10);
      first.end();
      await legacy.next(isFlush);
      const second = speak(session, 10);
      second.end();
      await expect(collect(first.transcripts)).rejects.toEqual(failing('timeout'));
      const again = await server.accept();
      await again.next(isFlush);
      again.send(data('second'));
      expect(await collect(second.transcripts)).toEqual([{ text: 'second', isFinal: true }]);
      expect(legacy.received.filter(isFlush)).toHaveLength(1);
    });

    describe('when the vendor detects speech but recognises no words in it', () => {
      const signal = (type: 'START_SPEECH' | 'END_SPEECH') => ({ type: 'events', data: { signal_type: type } });

      /** Sends an utterance over a connection whose finals may take `finalTimeoutMs`, and returns a function that flushes it. */
      async function flushed(finalTimeoutMs: number) {
        const { open } = await start({}, { legacyOnly: true, finalTimeoutMs });
        const session = open();
        const peer = await server.accept();
        const utterance = speak(session, 10);
        await peer.next(isAudio);
        return { session, peer, utterance, flush: () => (utterance.end(), peer.next(isFlush)) };
      }

      it('ends the utterance with an empty final when no result follows the end of the speech', async () => {
        const { peer, utterance, flush } = await flushed(250);
        peer.send(signal('START_SPEECH'));
        await flush();
        peer.send(signal('END_SPEECH'));
        expect(await collect(utterance.transcripts)).toEqual([{ text: '', isFinal: true }]);
      });

      it('ends the utterance with an empty final when the speech was over before the flush', async () => {
        const { peer, utterance, flush } = await flushed(250);
        peer.send(signal('START_SPEECH'));
        peer.send(signal('END_SPEECH'));
        await flush();
        expect(await collect(utterance.transcripts)).toEqual([{ text: '', isFinal: true }]);
      });

      it('keeps the words of one part of the utterance when another part has none', async () => {
        const { peer, utterance, flush } = await flushed(250);
        for (const message of [signal('START_SPEECH'), signal('END_SPEECH'), data('hello'), signal('START_SPEECH'), signal('END_SPEECH')]) {
          peer.send(message);
        }
        await flush();
        const transcripts = await collect(utterance.transcripts);
        expect(transcripts.at(-1)).toEqual({ text: 'hello', isFinal: true });
      });

      it('ignores a result that arrives after the utterance has ended', async () => {
        const { session, peer, utterance, flush } = await flushed(250);
        peer.send(signal('START_SPEECH'));
        peer.send(signal('END_SPEECH'));
        await flush();
        await collect(utterance.transcripts);
        const next = speak(session, 10);
        next.end();
        peer.send(data('late'));
        const again = await server.accept();
        await again.next(isFlush);
        again.send(data('next'));
        expect(await collect(next.transcripts)).toEqual([{ text: 'next', isFinal: true }]);
      });

      it('fails with a timeout when the vendor still reports speech', async () => {
        const { peer, utterance, flush } = await flushed(250);
        peer.send(signal('START_SPEECH'));
        await flush();
        await expect(collect(utterance.transcripts)).rejects.toEqual(failing('timeout'));
      });
    });

    it('treats a result without a transcript as an empty one', async () => {
      const { open } = await start({}, { legacyOnly: true });
      const session = open();
      const peer = await server.accept();
      const utterance = speak(session, 10);
      utterance.end();
      await peer.next(isFlush);
      peer.send({ type: 'data', data: { transcript: null } });
      expect(await collect(utterance.transcripts)).toEqual([{ text: '', isFinal: true }]);
    });

    it('closes the connection of a discarded utterance, because its result could not be distinguished from that of the next one', async () => {
      const { open } = await start();
      const session = open();
      await deny();
      const legacy = await server.accept();
      const controller = new AbortController();
      const discarded = speak(session, 10, controller.signal);
      await legacy.next(isAudio);
      controller.abort();
      await legacy.closed;
      expect(await collect(discarded.transcripts)).toEqual([]);
      // The new connection opens at once, because the vendor did not fail.
      const again = await server.accept();
      const next = speak(session, 10);
      next.end();
      await again.next(isFlush);
      again.send(data('next'));
      expect(await collect(next.transcripts)).toEqual([{ text: 'next', isFinal: true }]);
    });
  });

  describe('keeps an idle connection alive', () => {
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] }));
    afterEach(() => void jest.useRealTimers());

    it('by a ping on the realtime socket, which audio postpones', async () => {
      const { open } = await start();
      const session = open();
      const peer = await greet();
      const utterance = speak(session, 5);
      await peer.next(isAudio);
      jest.advanceTimersByTime(11_000);
      utterance.push(new Int16Array(1_600));
      await peer.next(isAudio);
      jest.advanceTimersByTime(11_000);
      utterance.push(new Int16Array(1_600));
      await peer.next(isAudio);
      expect(peer.received.filter(is('ping'))).toHaveLength(0);
      jest.advanceTimersByTime(7_000);
      // The vendor's answer to the heartbeat of the socket must arrive before the next heartbeat is due.
      peer.send({ event: 'pong' });
      await turns(50);
      jest.advanceTimersByTime(5_000);
      await peer.next(is('ping'));
    });

    it('by silence on the legacy socket', async () => {
      const { open } = await start();
      const session = open();
      const denied = await server.accept();
      denied.send({ event: 'error', is_fatal: true, status_code: 403 });
      denied.socket.close(4000);
      const legacy = await server.accept();
      speak(session, 5);
      await legacy.next(isAudio);
      jest.advanceTimersByTime(8_000);
      const { audio } = await legacy.next(isAudio);
      expect(audio).toMatchObject({ data: Buffer.alloc(3_200).toString('base64') });
    });
  });

  describe('close', () => {
    it('sends the goodbye message, ends open utterances, and is idempotent', async () => {
      const { open } = await start();
      const session = open();
      const peer = await greet();
      const utterance = speak(session, 10);
      await peer.next(isAudio);
      const closing = session.close();
      expect(session.close()).toBe(closing);
      await closing;
      expect(await collect(utterance.transcripts)).toEqual([]);
      await peer.closed;
      expect(peer.received.at(-1)).toEqual({ event: 'end' });
      expect(await collect(session.utterance(ending.signal).transcripts)).toEqual([]);
    });

    it('also happens when the signal of the session is aborted', async () => {
      const { stt } = await start();
      const controller = new AbortController();
      stt.open({}, controller.signal);
      const peer = await greet();
      controller.abort();
      await peer.closed;
      await until(() => getEventListeners(controller.signal, 'abort').length === 0);
    });

    it('is possible before the connection is open', async () => {
      const { open } = await start({ refuse: () => 'stall' });
      await open().close();
      expect(server.connections).toHaveLength(0);
    });
  });
});
