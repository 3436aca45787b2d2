import type { ErrorCode, ErrorMessage } from '@parley/protocol';
import { type BrowserFakes, installBrowserFakes } from '../../testing/browser-fakes';
import { FakeWebSocket } from '../../testing/fake-web-socket';
import { CONVERSATION_STARTED, startConversation } from '../../testing/server-script';
import { BACKLOG_FRAMES, ConversationLink, RETRY_DELAYS_MS, RETRY_JITTER, STABLE_AFTER_MS, START_TIMEOUT_MS } from './conversation-link';

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

  it('drops what is captured or sent before the conversation has started', () => {
    fakes.socket().accept();
    expect([link.sendAudio(new ArrayBuffer(640)), link.send({ type: 'interrupt' })]).toEqual([false, false]);
    fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
    expect(link.sendAudio(new ArrayBuffer(640))).toBe(false);
  });

  it('carries both once it has', () => {
    startConversation(fakes.socket());
    expect([link.sendAudio(new ArrayBuffer(640)), link.send({ type: 'interrupt' })]).toEqual([true, true]);
    expect([fakes.socket().audio.length, fakes.socket().ofType('interrupt').length]).toEqual([1, 1]);
  });

  it('ends the conversation before it closes, once', () => {
    startConversation(fakes.socket());
    link.close();
    link.close();
    expect(fakes.socket().ofType('end_conversation')).toHaveLength(1);
    expect(fakes.socket().closedWith).toBe(1000);
    expect(handlers.onClosed).not.toHaveBeenCalled();
  });

  it.each([
    [1000, 'ended'],
    [1001, 'draining'],
    [1008, 'refused'],
    [1009, 'refused'],
  ])('takes close code %i for %s, without another attempt', (code, closure) => {
    startConversation(fakes.socket());
    fakes.socket().drop(code);
    expect([handlers.onClosed.mock.calls, handlers.onRetry.mock.calls]).toEqual([[[closure]], []]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['inactivity_timeout', 'ended'],
    ['error', 'failed'],
    ['server_shutdown', 'draining'],
  ] as const)('is over when the server says so: %s', (reason, closure) => {
    startConversation(fakes.socket());
    fakes.socket().say({ type: 'conversation_ended', reason });
    expect(handlers.onMessage).toHaveBeenLastCalledWith({ type: 'conversation_ended', reason });
    expect(handlers.onClosed.mock.calls).toEqual([[closure]]);
    expect(fakes.socket().readyState).toBe(3);
  });

  it('tries three times, further and further apart, then gives up', () => {
    startConversation(fakes.socket());
    fakes.socket().drop(1006);
    for (const [index, delayMs] of RETRY_DELAYS_MS.entries()) {
      expect(handlers.onRetry).toHaveBeenLastCalledWith(index + 1);
      jest.advanceTimersByTime(delayMs - 1);
      expect(FakeWebSocket.made).toHaveLength(index + 1);
      jest.advanceTimersByTime(1);
      expect(FakeWebSocket.made).toHaveLength(index + 2);
      expect(handlers.onClosed).not.toHaveBeenCalled();
      fakes.socket().drop(1006);
    }
    expect(handlers.onClosed.mock.calls).toEqual([['lost']]);
    expect(handlers.onRetry).toHaveBeenCalledTimes(3);
  });

  it('starts the next conversation like the one before, and carries on over the new connection', () => {
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
  ])('spreads its attempts (%d)', (drawn, part) => {
    random = drawn;
    startConversation(fakes.socket());
    fakes.socket().drop(1006);
    const delayMs = (RETRY_DELAYS_MS[0] ?? NaN) * part;
    jest.advanceTimersByTime(delayMs - 2);
    expect(FakeWebSocket.made).toHaveLength(1);
    jest.advanceTimersByTime(4);
    expect(FakeWebSocket.made).toHaveLength(2);
  });

  describe('what is captured while the line is away', () => {
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

    it('is sent in order once the next conversation has started, before what comes then', () => {
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

    it('loses its oldest when there is too much, and says so once', () => {
      breakOff();
      for (let i = 0; i < BACKLOG_FRAMES + 30; i++) link.sendAudio(frame(i % 250));
      expect(handlers.onAudioDropped).toHaveBeenCalledTimes(1);
      comeBack();
      expect(sent()).toHaveLength(BACKLOG_FRAMES);
      expect(sent()[0]).toBe(30);
    });

    it('goes out as fast as the line takes it, and what comes meanwhile waits behind it', () => {
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

    it('is forgotten when there is no next conversation', () => {
      breakOff();
      link.sendAudio(frame(1));
      link.close();
      expect(link.sendAudio(frame(2))).toBe(false);
      link.open(START);
      startConversation(fakes.socket());
      expect(sent()).toEqual([]);
    });

    it('is kept also when the visitor does not wait for the next attempt', () => {
      breakOff();
      link.sendAudio(frame(1));
      link.reopen();
      link.sendAudio(frame(2));
      startConversation(fakes.socket());
      expect(sent()).toEqual([1, 2]);
    });
  });

  it('takes the announced end of a long conversation for an ordinary one', () => {
    startConversation(fakes.socket());
    fakes.socket().say({ type: 'conversation_ending', in_ms: 30_000 });
    fakes.socket().say({ type: 'conversation_ended', reason: 'server_shutdown' });
    expect(handlers.onClosed.mock.calls).toEqual([['ended']]);
  });

  it('gives a conversation that lasted its attempts back, but not one that broke at once', () => {
    const breakAfter = (livedMs: number): void => {
      startConversation(fakes.socket());
      jest.advanceTimersByTime(livedMs);
      fakes.socket().drop(1006);
    };
    breakAfter(0);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
    breakAfter(0);
    expect(handlers.onRetry).toHaveBeenLastCalledWith(2);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[1] ?? NaN);
    breakAfter(STABLE_AFTER_MS);
    expect(handlers.onRetry).toHaveBeenLastCalledWith(1);
  });

  it('does not wait for ever for a server that accepts and says nothing', () => {
    fakes.socket().accept();
    jest.advanceTimersByTime(START_TIMEOUT_MS);
    expect(handlers.onRetry.mock.calls).toEqual([[1]]);
    expect(fakes.socket().readyState).toBe(3);
  });

  describe('a server that refuses the conversation', () => {
    const refusal = (code: ErrorCode, fatal: boolean): ErrorMessage => ({ type: 'error', code, message: 'No.', fatal });

    it.each([
      ['agent_failed', false],
      ['rate_limited', false],
      ['internal', true],
    ] as const)('is not waited for: %s, fatal %s', (code, fatal) => {
      fakes.socket().accept();
      fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
      fakes.socket().say(refusal(code, fatal));
      fakes.socket().say({ type: 'conversation_ended', reason: 'error' });
      expect(handlers.onMessage.mock.calls.at(-1)).toEqual([refusal(code, fatal)]);
      expect([handlers.onClosed.mock.calls, handlers.onRetry.mock.calls]).toEqual([[['declined']], []]);
      expect([fakes.socket().readyState, jest.getTimerCount()]).toEqual([3, 0]);
    });

    it('is told from one that refuses a message of a conversation that runs', () => {
      startConversation(fakes.socket());
      fakes.socket().say(refusal('agent_failed', false));
      expect(handlers.onClosed).not.toHaveBeenCalled();
    });

    it('because too many come back at once is tried again later, with what was captured meanwhile', () => {
      startConversation(fakes.socket());
      fakes.socket().drop(1006);
      link.sendAudio(new ArrayBuffer(FRAME_BYTES));
      jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
      fakes.socket().accept();
      fakes.socket().say(refusal('rate_limited', false));
      expect([handlers.onRetry.mock.calls, handlers.onClosed.mock.calls]).toEqual([[[1], [2]], []]);
      expect(handlers.onMessage).not.toHaveBeenCalledWith(expect.objectContaining({ type: 'error' }));
      jest.advanceTimersByTime(RETRY_DELAYS_MS[1] ?? NaN);
      startConversation(fakes.socket());
      expect(fakes.socket().audio).toHaveLength(1);
    });
  });

  it('connects anew at once when asked to, on one socket only', () => {
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
