import type { NarrationClosure } from './narration-link';
import { START_TIMEOUT_MS } from '../link/conversation-link';
import { AccessRefused } from '../link/session-token';
import { type BrowserFakes, installBrowserFakes, settled } from '../testing/browser-fakes';
import { FakeWebSocket } from '../testing/fake-web-socket';
import { NARRATION_STARTED, speechMessage, startNarration } from '../testing/server-script';
import { NarrationLink } from './narration-link';

describe('NarrationLink', () => {
  let fakes: BrowserFakes;
  let link: NarrationLink;
  const handlers = { onMessage: jest.fn(), onSpeech: jest.fn(), onClosed: jest.fn() };

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
    link = new NarrationLink('ws://test/ws/narration', handlers);
  });
  afterEach(() => {
    link.close();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  const open = (): FakeWebSocket => {
    link.open({ latency: 'speed', voice_id: 'anna' });
    return fakes.socket();
  };
  const types = (socket: FakeWebSocket): unknown[] => socket.messages.map(({ type }) => type);

  it('sends what was written before the narration has started after its start, in order', () => {
    link.text('One.');
    const socket = open();
    link.setVoice('bo', { speed: 1.1 });
    link.text('Two.');
    link.flush();
    socket.accept();
    expect(socket.messages).toEqual([{ type: 'start_narration', latency: 'speed', voice_id: 'anna' }]);
    socket.say({ type: 'connection_established', message: '', protocol: 1 });
    socket.say(NARRATION_STARTED);
    expect(socket.messages.slice(1)).toEqual([
      { type: 'text', text: 'One.' },
      { type: 'set_voice', voice_id: 'bo', voice_settings: { speed: 1.1 } },
      { type: 'text', text: 'Two.' },
      { type: 'flush' },
    ]);
  });

  it.each<[what: string, answer: () => Promise<string>, closure: NarrationClosure, codes: string[]]>([
    ['refuses', () => Promise.reject(new AccessRefused('Please sign in.')), 'declined', ['not_authorized']],
    ['cannot be asked', () => Promise.reject(new Error('offline')), 'unreachable', []],
  ])('connects where it is told for each connection, and tells when who knows that %s', async (_what, answer, closure, codes) => {
    link = new NarrationLink(async () => 'ws://test/ws/narration?token=1', handlers);
    link.open({});
    await settled();
    expect(fakes.socket().url).toBe('ws://test/ws/narration?token=1');
    link.close();
    link = new NarrationLink(answer, handlers);
    link.open({});
    await settled();
    expect(handlers.onClosed.mock.calls).toEqual([[closure]]);
    expect(handlers.onMessage.mock.calls.map(([{ code }]) => code)).toEqual(codes);
  });

  it('sends text that is longer than a message in several, and cuts no character in two', () => {
    const socket = open();
    startNarration(socket);
    const text = 'a'.repeat(9_999) + '😀'.repeat(8_000);
    link.text(text);
    const sent = socket.ofType('text').map((message) => String(message['text']));
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.join('')).toBe(text);
    expect(sent.filter((piece) => /\p{Surrogate}/u.test(piece) || piece.length > 10_000)).toEqual([]);
  });

  it('passes messages and speech on, and reports what is heard', () => {
    const socket = open();
    link.reportPlayback(1, 'started', 0);
    startNarration(socket);
    socket.deliver(speechMessage(2, { seq: 3 }));
    link.reportPlayback(2, 'progress', 250);
    expect(handlers.onMessage.mock.calls.map(([{ type }]) => type)).toEqual(['connection_established', 'narration_started']);
    expect(handlers.onSpeech.mock.calls[0]?.[0]).toMatchObject({ turn: 2, seq: 3 });
    expect(socket.ofType('playback')).toEqual([{ type: 'playback', turn: 2, event: 'progress', played_ms: 250 }]);
  });

  it('pauses, resumes, and ends the text', () => {
    const socket = open();
    startNarration(socket);
    link.pause();
    link.resume();
    link.end();
    expect(types(socket)).toEqual(['start_narration', 'pause', 'resume', 'end_text']);
  });

  it.each<[string, NarrationClosure, (socket: FakeWebSocket) => void]>([
    ['all was spoken', 'completed', (socket) => socket.say({ type: 'narration_completed', narration_id: 'n-1', reason: 'completed' })],
    ['it was cancelled', 'cancelled', (socket) => socket.say({ type: 'narration_completed', narration_id: 'n-1', reason: 'cancelled' })],
    [
      'the server stops',
      'draining',
      (socket) => socket.say({ type: 'narration_completed', narration_id: 'n-1', reason: 'server_shutdown' }),
    ],
    ['the voice failed', 'failed', (socket) => socket.say({ type: 'narration_completed', narration_id: 'n-1', reason: 'error' })],
    ['the connection broke', 'lost', (socket) => socket.drop(1006)],
    ['the server refused it', 'refused', (socket) => socket.drop(1008)],
  ])('says that it is over, once, when %s', (_what, closure, happens) => {
    const socket = open();
    startNarration(socket);
    happens(socket);
    expect(handlers.onClosed.mock.calls).toEqual([[closure]]);
    expect(socket.readyState).toBe(3);
  });

  it('is declined by an error before the start, but goes on after one about a piece of text', () => {
    const socket = open();
    startNarration(socket);
    socket.say({ type: 'error', code: 'invalid_text', message: 'No.', fatal: false, line: 1, column: 2 });
    expect(handlers.onClosed).not.toHaveBeenCalled();
    link.close();
    link = new NarrationLink('ws://test/ws/narration', handlers);
    open().accept();
    fakes.socket().say({ type: 'error', code: 'unknown_voice', message: 'No.', fatal: true });
    expect(handlers.onClosed.mock.calls).toEqual([['declined']]);
  });

  it('is over when the server speaks another version of the protocol', () => {
    open().accept();
    fakes.socket().say({ type: 'connection_established', message: '', protocol: 2 });
    expect(handlers.onClosed.mock.calls).toEqual([['mismatched']]);
  });

  it('gives up on a server that cannot be reached or does not begin', () => {
    open().drop(1006);
    expect(handlers.onClosed.mock.calls).toEqual([['unreachable']]);
    link = new NarrationLink('ws://test/ws/narration', handlers);
    open().accept();
    fakes.socket().say({ type: 'connection_established', message: '', protocol: 1 });
    jest.advanceTimersByTime(START_TIMEOUT_MS);
    expect(handlers.onClosed.mock.calls).toEqual([['unreachable'], ['lost']]);
  });

  it('is refused where the browser allows no connection', () => {
    FakeWebSocket.refuses = true;
    link.open({});
    expect(handlers.onClosed.mock.calls).toEqual([['refused']]);
  });

  it('cancels a running narration when it is closed, and says nothing more', () => {
    const socket = open();
    startNarration(socket);
    link.close();
    link.close();
    expect(socket.ofType('cancel')).toHaveLength(1);
    expect([socket.closedWith, handlers.onClosed.mock.calls.length]).toEqual([1000, 0]);
  });
});
