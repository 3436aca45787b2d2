import { AccessRefused, requestSessionToken, TOKEN_TIMEOUT_MS } from './session-token';

describe('requestSessionToken', () => {
  const { fetch: originalFetch } = globalThis;
  let requests: { address: string; init: RequestInit }[];
  afterEach(() => {
    globalThis.fetch = originalFetch;
    jest.useRealTimers();
  });

  function answer(status: number, body: unknown): void {
    requests = [];
    globalThis.fetch = (async (address: string, init: RequestInit) => {
      requests.push({ address, init });
      return { ok: status < 400, status, json: async () => (body === undefined ? Promise.reject(new Error('no JSON')) : body) };
    }) as unknown as typeof fetch;
  }
  const ask = (leaving?: AbortSignal): Promise<string | undefined> => requestSessionToken('/api/session-tokens', 'narration', leaving);

  it('asks the server for one, for this purpose', async () => {
    answer(201, { token: 'a.b.c', expires_at: '2030-01-01T00:00:00Z' });
    expect(await ask()).toBe('a.b.c');
    expect(requests).toMatchObject([{ address: '/api/session-tokens', init: { method: 'POST', body: '{"purpose":"narration"}' } }]);
  });

  it('has none where the server needs none', async () => {
    answer(404, { message: 'This server needs no session tokens.' });
    expect(await ask()).toBeUndefined();
  });

  it.each([401, 403])('says in the server’s words why it gets none (status %i)', async (status) => {
    answer(status, { message: 'Please sign in.' });
    await expect(ask()).rejects.toEqual(new AccessRefused('Please sign in.'));
    answer(status, undefined);
    await expect(ask()).rejects.toMatchObject({ name: 'AccessRefused', message: expect.stringContaining('Sign in') });
  });

  it.each<[number, unknown]>([
    [500, { message: 'No.' }],
    [503, undefined],
    [201, {}],
    [201, null],
    [201, { token: 7 }],
  ])('fails for this time when the answer is %i with %j', async (status, body) => {
    answer(status, body);
    await expect(ask()).rejects.not.toBeInstanceOf(AccessRefused);
  });

  it.each(['the time is over', 'the visitor leaves'])('gives up when %s, and leaves no timer', async (why) => {
    jest.useFakeTimers();
    globalThis.fetch = ((_address: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
      )) as typeof fetch;
    const leaving = new AbortController();
    const asked = expect(ask(leaving.signal)).rejects.toMatchObject({ name: 'AbortError' });
    if (why === 'the time is over') jest.advanceTimersByTime(TOKEN_TIMEOUT_MS);
    else leaving.abort();
    await asked;
    expect(jest.getTimerCount()).toBe(0);
  });
});
