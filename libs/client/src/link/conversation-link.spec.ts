import type { ErrorCode, ErrorMessage } from '@parley/protocol';
import { type BrowserFakes, installBrowserFakes, settled, showPage } from '../testing/browser-fakes';
import { FakeWebSocket } from '../testing/fake-web-socket';
import { CONVERSATION_STARTED, startConversation } from '../testing/server-script';
import { BACKLOG_FRAMES, ConversationLink, STABLE_AFTER_MS, START_TIMEOUT_MS } from './conversation-link';
import { AccessRefused } from './session-token';
import { RETRY_DELAYS_MS, RETRY_FOR_MS, RETRY_JITTER } from './retries';

const START = { type: 'start_conversation', engine: 'agent', audio_transport: 'binary' } as const;
const FRAME_BYTES = 640;

describe('ConversationLink', () => {
  let fakes: BrowserFakes;
  let link: ConversationLink;
  const handlers = { onMessage: jest.fn(), onSpeech: jest.fn(), onRetry: jest.fn(), onClosed: jest.fn(), onAudioDropped: jest.fn() };
  let random = 0.5;

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    random = 0.5;
    link = new ConversationLink('ws://test/ws', handlers, () => random);
    link.open(START);
  });
  afterEach(() => {
    link.close();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  it('starts the conversation as soon as the socket is open', () => {
    fakes.socket().accept();
    expect(fakes.socket().messages).toEqual([START]);
  });

  it('sends nothing before the conversation has started', () => {
    fakes.socket().accept();
    expect(link.send({ type: 'interrupt' })).toBe(false);
    fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
    expect(link.send({ type: 'interrupt' })).toBe(false);
    expect(fakes.socket().messages).toEqual([START]);
  });

  it('sends messages and audio once the conversation has started', () => {
    startConversation(fakes.socket());
    expect([link.sendAudio(new ArrayBuffer(640)), link.send({ type: 'interrupt' })]).toEqual([true, true]);
    expect([fakes.socket().audio.length, fakes.socket().ofType('interrupt').length]).toEqual([1, 1]);
  });

  it('ends the conversation exactly once before it closes', () => {
    startConversation(fakes.socket());
    link.close();
    link.close();
    expect(fakes.socket().ofType('end_conversation')).toHaveLength(1);
    expect(fakes.socket().closedWith).toBe(1000);
    expect(handlers.onClosed).not.toHaveBeenCalled();
  });

  it.each([
    [1000, 'ended'],
    [1008, 'refused'],
    [1009, 'refused'],
  ])('treats close code %i as %s, without another attempt', (code, closure) => {
    startConversation(fakes.socket());
    fakes.socket().drop(code);
    expect([handlers.onClosed.mock.calls, handlers.onRetry.mock.calls]).toEqual([[[closure]], []]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['inactivity_timeout', 'ended'],
    ['error', 'failed'],
  ] as const)('closes when the server ends the conversation with the reason %s', (reason, closure) => {
    startConversation(fakes.socket());
    fakes.socket().say({ type: 'conversation_ended', reason });
    expect(handlers.onMessage).toHaveBeenLastCalledWith({ type: 'conversation_ended', reason });
    expect(handlers.onClosed.mock.calls).toEqual([[closure]]);
    expect(fakes.socket().readyState).toBe(3);
  });

  /** Lets every attempt fail until the link gives up; returns how long that took. */
  const failOn = (): number => {
    const fromMs = performance.now();
    while (handlers.onClosed.mock.calls.length === 0) {
      const { length } = FakeWebSocket.made;
      while (FakeWebSocket.made.length === length) jest.advanceTimersByTime(100);
      fakes.socket().drop(1006);
    }
    return performance.now() - fromMs;
  };

  it('tries again at growing intervals for five minutes, and then gives up', () => {
    startConversation(fakes.socket());
    fakes.socket().drop(1006);
    for (const [index, delayMs] of RETRY_DELAYS_MS.entries()) {
      expect(handlers.onRetry).toHaveBeenLastCalledWith(index + 1, 'lost');
      jest.advanceTimersByTime(delayMs - 1);
      expect(FakeWebSocket.made).toHaveLength(index + 1);
      jest.advanceTimersByTime(1);
      expect(FakeWebSocket.made).toHaveLength(index + 2);
      fakes.socket().drop(1006);
    }
    expect(handlers.onClosed).not.toHaveBeenCalled();
    const sofarMs = RETRY_DELAYS_MS.reduce((sum, delayMs) => sum + delayMs, 0);
    const longestMs = RETRY_DELAYS_MS.at(-1) ?? NaN;
    expect(sofarMs + failOn()).toBeGreaterThan(RETRY_FOR_MS - 2 * longestMs);
    expect(handlers.onClosed.mock.calls).toEqual([['lost']]);
    expect(jest.getTimerCount()).toBe(0);
    const { length } = FakeWebSocket.made;
    window.dispatchEvent(new Event('online'));
    expect(FakeWebSocket.made).toHaveLength(length);
  });

  it('tries the first connection for the same time, and distinguishes it from a connection that was lost', () => {
    fakes.socket().drop(1006);
    expect(handlers.onRetry.mock.calls).toEqual([[1, 'unreachable']]);
    expect(failOn()).toBeGreaterThan(RETRY_FOR_MS - 2 * (RETRY_DELAYS_MS.at(-1) ?? NaN));
    expect(handlers.onClosed.mock.calls).toEqual([['unreachable']]);
  });

  it.each<[string, () => void]>([
    ['close code 1001', () => fakes.socket().drop(1001)],
    ['its last message', () => fakes.socket().say({ type: 'conversation_ended', reason: 'server_shutdown' })],
  ])('reconnects to a server that is restarting, which it recognises by %s', (_name, goAway) => {
    startConversation(fakes.socket());
    goAway();
    expect([handlers.onRetry.mock.calls, handlers.onClosed.mock.calls]).toEqual([[[1, 'draining']], []]);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
    fakes.socket().drop(1001);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[1] ?? NaN);
    startConversation(fakes.socket());
    expect(fakes.socket().messages).toEqual([START]);
    expect(jest.getTimerCount()).toBe(1);
  });

  describe('between two attempts', () => {
    beforeEach(() => {
      startConversation(fakes.socket());
      fakes.socket().drop(1006);
    });
    afterEach(() => showPage(true));

    it('tries at once when the device is online again', () => {
      window.dispatchEvent(new Event('online'));
      expect(FakeWebSocket.made).toHaveLength(2);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      expect(FakeWebSocket.made).toHaveLength(2);
      startConversation(fakes.socket());
      expect(link.send({ type: 'interrupt' })).toBe(true);
      window.dispatchEvent(new Event('online'));
      expect(FakeWebSocket.made).toHaveLength(2);
    });

    it('tries at once when the page becomes visible, but not when it is hidden', () => {
      showPage(false);
      expect(FakeWebSocket.made).toHaveLength(1);
      showPage(true);
      expect(FakeWebSocket.made).toHaveLength(2);
      showPage(false);
      showPage(true);
      expect(FakeWebSocket.made).toHaveLength(2);
    });

    it('does not wait for an attempt that was made before the device was online again', () => {
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      window.dispatchEvent(new Event('online'));
      expect(FakeWebSocket.made.map((socket) => socket.readyState)).toEqual([3, 3, 0]);
    });
  });

  describe('with an address that is asked for each time', () => {
    const answers: { resolve: (url: string) => void; reject: (error: Error) => void }[] = [];
    beforeEach(() => {
      link.close();
      answers.length = 0;
      FakeWebSocket.made.length = 0;
      link = new ConversationLink(
        () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
        handlers,
        () => random,
      );
      link.open(START);
    });
    const urls = (): string[] => FakeWebSocket.made.map(({ url }) => url);

    it('connects there, and asks for another one before it connects again', async () => {
      expect(urls()).toEqual([]);
      answers[0]?.resolve('ws://test/ws?token=1');
      await settled();
      startConversation(fakes.socket());
      fakes.socket().drop(1006);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      expect(answers).toHaveLength(2);
      answers[1]?.resolve('ws://test/ws?token=2');
      await settled();
      expect(urls()).toEqual(['ws://test/ws?token=1', 'ws://test/ws?token=2']);
    });

    it('tries again when there is none for the moment, or no answer', async () => {
      answers[0]?.reject(new Error('offline'));
      await settled();
      expect(handlers.onRetry.mock.calls).toEqual([[1, 'unreachable']]);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      jest.advanceTimersByTime(START_TIMEOUT_MS);
      expect(handlers.onRetry).toHaveBeenLastCalledWith(2, 'unreachable');
      answers[1]?.resolve('ws://test/late');
      await settled();
      expect(urls()).toEqual([]);
    });

    it('tells why the visitor gets none, and does not try again', async () => {
      answers[0]?.reject(new AccessRefused('Please sign in.'));
      await settled();
      expect(handlers.onMessage.mock.calls).toEqual([[{ type: 'error', code: 'not_authorized', message: 'Please sign in.', fatal: true }]]);
      expect([handlers.onClosed.mock.calls, handlers.onRetry.mock.calls]).toEqual([[['declined']], []]);
    });

    it('makes no connection when it was closed meanwhile', async () => {
      link.close();
      answers[0]?.resolve('ws://test/ws?token=1');
      await settled();
      expect(urls()).toEqual([]);
    });
  });

  it('does not connect when the browser does not allow a connection', () => {
    link.close();
    FakeWebSocket.refuses = true;
    link.open(START);
    expect([handlers.onClosed.mock.calls, jest.getTimerCount()]).toEqual([[['refused']], 0]);
  });

  it('does not use a server of another protocol version', () => {
    fakes.socket().accept();
    fakes.socket().say({ type: 'connection_established', message: '', protocol: 2 });
    expect(handlers.onMessage).toHaveBeenCalledTimes(1);
    expect([handlers.onClosed.mock.calls, fakes.socket().readyState]).toEqual([[['mismatched']], 3]);
  });

  it('tries again when a server that goes away takes no conversation, and shows no error for it', () => {
    fakes.socket().accept();
    fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
    fakes.socket().say({ type: 'error', code: 'server_busy', message: '', fatal: true, retry_after_ms: 2_000 });
    fakes.socket().drop(1001);
    expect(handlers.onMessage.mock.calls.map(([{ type }]) => type)).toEqual(['connection_established']);
    expect([handlers.onClosed.mock.calls, handlers.onRetry.mock.calls.map(([, cause]) => cause)]).toEqual([[], ['busy']]);
  });

  it('starts the next conversation with the same options, and continues over the new connection', () => {
    startConversation(fakes.socket());
    fakes.socket().drop(1011);
    expect(link.send({ type: 'interrupt' })).toBe(false);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
    startConversation(fakes.socket());
    expect(fakes.socket().messages).toEqual([START]);
    expect(link.sendAudio(new ArrayBuffer(FRAME_BYTES))).toBe(true);
    expect(fakes.socket().audio).toHaveLength(1);
  });

  it.each([
    [0, 1 - RETRY_JITTER],
    [0.999_999, 1 + RETRY_JITTER],
  ])('spreads its attempts at random (random number %d)', (drawn, part) => {
    random = drawn;
    startConversation(fakes.socket());
    fakes.socket().drop(1006);
    const delayMs = (RETRY_DELAYS_MS[0] ?? NaN) * part;
    jest.advanceTimersByTime(delayMs - 2);
    expect(FakeWebSocket.made).toHaveLength(1);
    jest.advanceTimersByTime(4);
    expect(FakeWebSocket.made).toHaveLength(2);
  });

  describe('audio that is captured before the first conversation', () => {
    const frame = (value: number): ArrayBuffer => new Uint8Array(FRAME_BYTES).fill(value).buffer;
    const sent = (): number[] => fakes.socket().audio.flatMap((pcm) => [...new Uint8Array(pcm)].filter((_, at) => at % FRAME_BYTES === 0));

    it('is sent in order when the conversation starts, before later audio', () => {
      link.close();
      const early = new ConversationLink('ws://test/ws', handlers);
      // The microphone is open before the connection is.
      expect(early.sendAudio(frame(1))).toBe(true);
      early.open(START);
      early.sendAudio(frame(2));
      fakes.socket().accept();
      early.sendAudio(frame(3));
      fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
      early.sendAudio(frame(4));
      expect(fakes.socket().audio).toEqual([]);
      fakes.socket().say(CONVERSATION_STARTED);
      early.sendAudio(frame(5));
      expect(sent()).toEqual([1, 2, 3, 4, 5]);
      expect(fakes.socket().sent[0]).toBe(JSON.stringify(START));
      early.close();
    });

    it('is sent in messages of at most two seconds', () => {
      for (let value = 1; value <= 230; value++) link.sendAudio(frame(value));
      startConversation(fakes.socket());
      expect(fakes.socket().audio.map((pcm) => pcm.byteLength / FRAME_BYTES)).toEqual([100, 100, 30]);
      expect(sent()).toEqual(Array.from({ length: 230 }, (_, i) => i + 1));
    });

    it('is kept during failed attempts, and its oldest part is dropped when there is too much', () => {
      fakes.socket().drop(1006);
      for (let i = 0; i < BACKLOG_FRAMES + 30; i++) link.sendAudio(frame(i % 250));
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      startConversation(fakes.socket());
      expect(handlers.onAudioDropped).toHaveBeenCalledTimes(1);
      expect([sent().length, sent()[0]]).toEqual([BACKLOG_FRAMES, 30]);
    });
  });

  describe('audio that is captured while the connection is broken', () => {
    const frame = (value: number): ArrayBuffer => new Uint8Array(FRAME_BYTES).fill(value).buffer;
    const sent = (): number[] => fakes.socket().audio.flatMap((pcm) => [...new Uint8Array(pcm)].filter((_, at) => at % FRAME_BYTES === 0));
    const breakOff = (): void => {
      startConversation(fakes.socket());
      fakes.socket().drop(1006);
    };
    const comeBack = (): void => {
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      startConversation(fakes.socket());
    };

    it('is sent in order once the next conversation has started, before later audio', () => {
      breakOff();
      for (let value = 1; value <= 120; value++) expect(link.sendAudio(frame(value))).toBe(true);
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      fakes.socket().accept();
      link.sendAudio(frame(121));
      expect(fakes.socket().audio).toEqual([]);
      fakes.socket().say(CONVERSATION_STARTED);
      link.sendAudio(frame(122));
      expect(sent()).toEqual(Array.from({ length: 122 }, (_, i) => i + 1));
      expect(fakes.socket().audio.map((pcm) => pcm.byteLength / FRAME_BYTES)).toEqual([100, 21, 1]);
      expect(handlers.onAudioDropped).not.toHaveBeenCalled();
    });

    it('loses its oldest part when there is too much, which is reported once', () => {
      breakOff();
      for (let i = 0; i < BACKLOG_FRAMES + 30; i++) link.sendAudio(frame(i % 250));
      expect(handlers.onAudioDropped).toHaveBeenCalledTimes(1);
      comeBack();
      expect(sent()).toHaveLength(BACKLOG_FRAMES);
      expect(sent()[0]).toBe(30);
    });

    it('is sent as fast as the connection accepts it, and later audio waits behind it', () => {
      breakOff();
      for (let value = 1; value <= 150; value++) link.sendAudio(frame(value));
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      fakes.socket().bufferedAmount = Number.POSITIVE_INFINITY;
      startConversation(fakes.socket());
      link.sendAudio(frame(151));
      expect(sent()).toEqual([]);
      fakes.socket().bufferedAmount = 0;
      link.sendAudio(frame(152));
      expect(sent()).toEqual(Array.from({ length: 152 }, (_, i) => i + 1));
    });

    it('is discarded when there is no next conversation', () => {
      breakOff();
      link.sendAudio(frame(1));
      link.close();
      expect(link.sendAudio(frame(2))).toBe(false);
      link.open(START);
      startConversation(fakes.socket());
      expect(sent()).toEqual([]);
    });

    it('is also kept when the visitor does not wait for the next attempt', () => {
      breakOff();
      link.sendAudio(frame(1));
      link.reopen();
      link.sendAudio(frame(2));
      startConversation(fakes.socket());
      expect(sent()).toEqual([1, 2]);
    });
  });

  it('treats the announced end of a long conversation as an ordinary end', () => {
    startConversation(fakes.socket());
    fakes.socket().say({ type: 'conversation_ending', in_ms: 30_000 });
    fakes.socket().say({ type: 'conversation_ended', reason: 'server_shutdown' });
    expect(handlers.onClosed.mock.calls).toEqual([['ended']]);
  });

  it('resets its attempts after a conversation that lasted, but not after one that broke at once', () => {
    const breakAfter = (livedMs: number): void => {
      startConversation(fakes.socket());
      jest.advanceTimersByTime(livedMs);
      fakes.socket().drop(1006);
    };
    breakAfter(0);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
    breakAfter(0);
    expect(handlers.onRetry).toHaveBeenLastCalledWith(2, 'lost');
    jest.advanceTimersByTime(RETRY_DELAYS_MS[1] ?? NaN);
    breakAfter(STABLE_AFTER_MS);
    expect(handlers.onRetry).toHaveBeenLastCalledWith(1, 'lost');
  });

  it('does not wait forever for a server that accepts the connection and sends nothing', () => {
    fakes.socket().accept();
    jest.advanceTimersByTime(START_TIMEOUT_MS);
    expect(handlers.onRetry.mock.calls).toEqual([[1, 'unreachable']]);
    expect(fakes.socket().readyState).toBe(3);
  });

  describe('when a server refuses the conversation', () => {
    const refusal = (code: ErrorCode, fatal: boolean): ErrorMessage => ({ type: 'error', code, message: 'No.', fatal });

    it.each([
      ['agent_failed', false],
      ['rate_limited', false],
      ['internal', true],
    ] as const)('makes no further attempt after the error %s (fatal: %s)', (code, fatal) => {
      fakes.socket().accept();
      fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
      fakes.socket().say(refusal(code, fatal));
      fakes.socket().say({ type: 'conversation_ended', reason: 'error' });
      expect(handlers.onMessage.mock.calls.at(-1)).toEqual([refusal(code, fatal)]);
      expect([handlers.onClosed.mock.calls, handlers.onRetry.mock.calls]).toEqual([[['declined']], []]);
      expect([fakes.socket().readyState, jest.getTimerCount()]).toEqual([3, 0]);
    });

    it.each(['server_busy', 'rate_limited'] as const)('tries again, but not before the time that came with the error %s', (code) => {
      fakes.socket().accept();
      fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
      fakes.socket().say({ ...refusal(code, true), retry_after_ms: 60_000 });
      expect([handlers.onRetry.mock.calls, handlers.onClosed.mock.calls]).toEqual([[[1, 'busy']], []]);
      const refused = fakes.socket();
      jest.advanceTimersByTime(59_999);
      expect(fakes.socket()).toBe(refused);
      jest.advanceTimersByTime(60_000 * RETRY_JITTER + 1);
      expect(fakes.socket()).not.toBe(refused);
      startConversation(fakes.socket());
      expect(handlers.onMessage).toHaveBeenCalledWith(expect.objectContaining({ type: 'conversation_started' }));
    });

    it('gives up at a busy server after it tried for long enough', () => {
      for (let attempt = 0; attempt < 60 && handlers.onClosed.mock.calls.length === 0; attempt++) {
        fakes.socket().accept();
        fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
        fakes.socket().say({ ...refusal('server_busy', true), retry_after_ms: 20_000 });
        jest.advanceTimersByTime(20_000 * (1 + RETRY_JITTER));
      }
      expect(handlers.onClosed.mock.calls).toEqual([['busy']]);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('does not confuse that with the refusal of a message during a conversation', () => {
      startConversation(fakes.socket());
      fakes.socket().say(refusal('agent_failed', false));
      expect(handlers.onClosed).not.toHaveBeenCalled();
    });

    it('tries again later, with the audio captured meanwhile, if too many clients are reconnecting at once', () => {
      startConversation(fakes.socket());
      fakes.socket().drop(1006);
      link.sendAudio(new ArrayBuffer(FRAME_BYTES));
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      fakes.socket().accept();
      fakes.socket().say(refusal('rate_limited', false));
      expect([handlers.onRetry.mock.calls, handlers.onClosed.mock.calls]).toEqual([
        [
          [1, 'lost'],
          [2, 'lost'],
        ],
        [],
      ]);
      expect(handlers.onMessage).not.toHaveBeenCalledWith(expect.objectContaining({ type: 'error' }));
      jest.advanceTimersByTime(RETRY_DELAYS_MS[1] ?? NaN);
      startConversation(fakes.socket());
      expect(fakes.socket().audio).toHaveLength(1);
    });
  });

  it('reconnects at once on request, with only one socket', () => {
    startConversation(fakes.socket());
    fakes.socket().drop(1006);
    link.reopen();
    expect(FakeWebSocket.made).toHaveLength(2);
    startConversation(fakes.socket());
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
    expect(FakeWebSocket.made).toHaveLength(2);
  });

  it('stops trying when its owner closes it', () => {
    startConversation(fakes.socket());
    fakes.socket().drop(1006);
    link.close();
    jest.advanceTimersByTime(60_000);
    expect(FakeWebSocket.made).toHaveLength(1);
  });
});
