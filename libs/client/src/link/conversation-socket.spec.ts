import { type BrowserFakes, installBrowserFakes } from '../testing/browser-fakes';
import { ConversationSocket, HEARTBEAT_INTERVAL_MS, MAX_UNSENT_BYTES } from './conversation-socket';

describe('ConversationSocket', () => {
  let fakes: BrowserFakes;
  const handlers = { onOpen: jest.fn(), onMessage: jest.fn(), onSpeech: jest.fn(), onClose: jest.fn() };
  const frame = new ArrayBuffer(640);

  const open = (): ConversationSocket => {
    const socket = new ConversationSocket('ws://test/ws', handlers);
    fakes.socket().accept();
    return socket;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    fakes = installBrowserFakes();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.clearAllMocks();
    fakes.restore();
  });

  it('requests binary messages as array buffers', () => {
    new ConversationSocket('ws://test/ws', handlers);
    expect([fakes.socket().url, fakes.socket().binaryType]).toEqual(['ws://test/ws', 'arraybuffer']);
  });

  it('sends nothing before it is open, and reports that', () => {
    const socket = new ConversationSocket('ws://test/ws', handlers);
    expect([socket.send({ type: 'interrupt' }), socket.sendAudio(frame)]).toEqual([false, false]);
    expect(fakes.socket().sent).toEqual([]);
  });

  it('sends control messages as JSON and audio unchanged', () => {
    const socket = open();
    expect([socket.send({ type: 'text_message', text: 'hi' }), socket.sendAudio(frame)]).toEqual([true, true]);
    expect(fakes.socket().sent).toEqual(['{"type":"text_message","text":"hi"}', frame]);
  });

  it('drops audio while more than two seconds of it are waiting on a slow connection, and resumes afterwards', () => {
    const socket = open();
    fakes.socket().bufferedAmount = MAX_UNSENT_BYTES + 1;
    expect(socket.sendAudio(frame)).toBe(false);
    fakes.socket().bufferedAmount = 0;
    expect(socket.sendAudio(frame)).toBe(true);
    expect(fakes.socket().audio).toHaveLength(1);
  });

  it('distinguishes messages from speech', () => {
    open();
    fakes.socket().say({ type: 'state', state: 'IDLE', turn: 1 });
    fakes.socket().deliver(new Uint8Array([1, 1, 1, 0, 2, 0, 0, 0, 5, 0, 0, 0, 7, 7]).buffer);
    expect(handlers.onMessage.mock.calls).toEqual([[{ type: 'state', state: 'IDLE', turn: 1 }]]);
    expect(handlers.onSpeech.mock.calls).toEqual([[{ turn: 2, seq: 5, last: true, pcm: new Uint8Array([7, 7]) }]]);
  });

  it('passes speech on as a view of the message in which it arrived, without a copy', () => {
    open();
    const message = new Uint8Array([1, 1, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 7, 7]).buffer;
    fakes.socket().deliver(message);
    const [[frame]] = handlers.onSpeech.mock.calls as [[{ pcm: Uint8Array }]];
    expect([frame.pcm.buffer === message, frame.pcm.byteOffset]).toEqual([true, 12]);
  });

  it.each([
    ['broken JSON', '{"type":'],
    ['JSON that is not an object', '[1]'],
    ['null', 'null'],
    ['an object without a type', '{"state":"IDLE"}'],
    ['a type that is not text', '{"type":7}'],
    ['a binary message that is not a frame', new ArrayBuffer(3)],
    ['data of another kind', new Blob([])],
  ])('ignores %s', (_name, data) => {
    open();
    fakes.socket().deliver(data);
    expect([handlers.onMessage.mock.calls, handlers.onSpeech.mock.calls, handlers.onClose.mock.calls]).toEqual([[], [], []]);
  });

  it('sends a heartbeat every interval for as long as the server answers', () => {
    open();
    for (let beat = 1; beat <= 3; beat++) {
      jest.advanceTimersByTime(HEARTBEAT_INTERVAL_MS);
      expect(fakes.socket().ofType('heartbeat')).toHaveLength(beat);
      fakes.socket().say({ type: 'heartbeat' });
    }
    expect(handlers.onClose).not.toHaveBeenCalled();
  });

  it('treats a connection as broken when it stays silent after a heartbeat', () => {
    open();
    jest.advanceTimersByTime(2 * HEARTBEAT_INTERVAL_MS);
    expect(handlers.onClose.mock.calls).toEqual([[1006]]);
    expect([fakes.socket().readyState, jest.getTimerCount()]).toEqual([3, 0]);
  });

  it('reports the server’s close code once and leaves no timer running', () => {
    open();
    fakes.socket().drop(1001);
    fakes.socket().drop(1006);
    expect(handlers.onClose.mock.calls).toEqual([[1001]]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('reports nothing after its owner closed it, and leaves no timer running', () => {
    const socket = open();
    const fake = fakes.socket();
    socket.close();
    fake.say({ type: 'heartbeat' });
    fake.drop(1006);
    expect(fake.closedWith).toBe(1000);
    expect([handlers.onMessage.mock.calls, handlers.onClose.mock.calls]).toEqual([[], []]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
