import { FakeDuplex } from '../../testing/fake-duplex';
import { answerClientError } from './client-error';

const failure = (code: string): Error => Object.assign(new Error('of the parser'), { code });

describe('answerClientError', () => {
  let socket: FakeDuplex;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    socket = new FakeDuplex();
  });
  afterEach(() => {
    socket.destroy();
    jest.useRealTimers();
  });

  it.each([
    ['HPE_INVALID_METHOD', 400],
    ['HPE_INVALID_HEADER_TOKEN', 400],
    ['HPE_HEADER_OVERFLOW', 431],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
    ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ])('answers %s with a complete response of status %d', (code, status) => {
    answerClientError(failure(code), socket);
    const [head, body] = socket.written.split('\r\n\r\n');
    expect(head.split('\r\n')).toEqual([
      expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status} \\w`)),
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${body.length}`,
    ]);
    expect(socket.writableEnded).toBe(true);
  });

  it('answers once although more errors follow, and ends the connection after a moment', () => {
    for (let error = 0; error < 3; error++) answerClientError(failure('HPE_INVALID_METHOD'), socket);
    expect(socket.written.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(socket.destroyed).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(socket.destroyed).toBe(true);
  });

  it('does not wait any longer when the client closes the connection', async () => {
    answerClientError(failure('HPE_INVALID_METHOD'), socket);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.push(null);
    await closed;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends nothing on a broken connection', () => {
    answerClientError(failure('ECONNRESET'), socket);
    expect(socket.written).toBe('');
    expect(socket.destroyed).toBe(true);
  });

  it('sends nothing in the middle of an earlier response', () => {
    socket.write('HTTP/1.1 200 OK\r\n');
    answerClientError(failure('HPE_INVALID_METHOD'), socket);
    expect(socket.written).toBe('HTTP/1.1 200 OK\r\n');
    expect(socket.destroyed).toBe(true);
  });
});
