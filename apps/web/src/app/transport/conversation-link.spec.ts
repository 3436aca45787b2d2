import { type BrowserFakes, installBrowserFakes } from '../../testing/browser-fakes';
import { FakeWebSocket } from '../../testing/fake-web-socket';
import { startConversation } from '../../testing/server-script';
import { ConversationLink, RETRY_DELAYS_MS, STABLE_AFTER_MS, START_TIMEOUT_MS } from './conversation-link';

describe('ConversationLink', () => {
  let fakes: BrowserFakes;
  let link: ConversationLink;
  const handlers = { onMessage: jest.fn(), onSpeech: jest.fn(), onRetry: jest.fn(), onClosed: jest.fn() };

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    link = new ConversationLink('ws://test/ws', { type: 'start_conversation', engine: 'pipeline' }, handlers);
    link.open();
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
    expect(fakes.socket().messages).toEqual([{ type: 'start_conversation', engine: 'pipeline' }]);
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

  it('carries on over the new connection', () => {
    startConversation(fakes.socket());
    fakes.socket().drop(1011);
    expect(link.sendAudio(new ArrayBuffer(640))).toBe(false);
    jest.advanceTimersByTime(RETRY_DELAYS_MS[0] ?? NaN);
    startConversation(fakes.socket());
    expect(link.sendAudio(new ArrayBuffer(640))).toBe(true);
    expect(fakes.socket().audio).toHaveLength(1);
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
