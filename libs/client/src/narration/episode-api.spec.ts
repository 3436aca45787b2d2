/** @jest-environment node */
import { AccessRefused } from '../link/session-token';
import { EpisodeApi, EpisodeApiError } from './episode-api';

describe('EpisodeApi', () => {
  const asked = jest.fn<Promise<Response>, [string, RequestInit]>();
  const api = new EpisodeApi();
  const original = globalThis.fetch;
  const answer = (status: number, body: unknown): void => void asked.mockResolvedValueOnce(new Response(JSON.stringify(body), { status }));

  beforeEach(() => {
    globalThis.fetch = asked as unknown as typeof fetch;
  });
  afterEach(() => {
    globalThis.fetch = original;
    jest.resetAllMocks();
  });

  it('sends an episode as JSON and returns what the server made of it', async () => {
    answer(201, { id: 'e1' });
    expect(await api.create({ script: 'Hello.' })).toEqual({ id: 'e1' });
    const [address, { method, body, headers }] = asked.mock.calls[0] ?? ['', {}];
    expect([address, method, body]).toEqual(['/api/narrations', 'POST', '{"script":"Hello."}']);
    expect(headers).toEqual({ accept: 'application/json', 'content-type': 'application/json' });
  });

  it('sends a new token with each request that changes something, and none with others', async () => {
    let count = 0;
    const withTokens = new EpisodeApi('/api', async (purpose) => `${purpose}-${(count += 1)}`);
    for (let index = 0; index < 3; index += 1) answer(200, []);
    await withTokens.delete('e');
    await withTokens.cancel('e');
    await withTokens.list();
    const sent = asked.mock.calls.map(([, { headers }]) => new Headers(headers).get('authorization'));
    expect(sent).toEqual(['Bearer episodes-1', 'Bearer episodes-2', null]);
  });

  it('says why there is no token, and asks the server nothing then', async () => {
    const refused = new EpisodeApi('/api', () => Promise.reject(new AccessRefused('Please sign in.')));
    await expect(refused.delete('e')).rejects.toEqual(new EpisodeApiError('Please sign in.', 401));
    const offline = new EpisodeApi('/api', () => Promise.reject(new Error('offline')));
    await expect(offline.delete('e')).rejects.toEqual(new EpisodeApiError('The server cannot be reached.', 0));
    expect(asked).not.toHaveBeenCalled();
  });

  it.each<[string, string, (api: EpisodeApi) => Promise<unknown>]>([
    ['GET', '/api/narrations/options', (it) => it.options()],
    ['POST', '/api/narrations/check', (it) => it.check({ script: 'x' })],
    ['GET', '/api/narrations', (it) => it.list()],
    ['GET', '/api/narrations/a%2Fb', (it) => it.episode('a/b')],
    ['POST', '/api/narrations/e/cancel', (it) => it.cancel('e')],
    ['POST', '/api/narrations/e/resume', (it) => it.resume('e')],
    ['PATCH', '/api/narrations/e/segments/s', (it) => it.edit('e', 's', { text: 'x' })],
    ['DELETE', '/api/narrations/e', (it) => it.delete('e')],
    ['POST', '/api/voices/v/preview', (it) => it.preview('v')],
    ['GET', '/api/shows', (it) => it.shows()],
    ['POST', '/api/shows', (it) => it.createShow({ title: 't', description: 'd', author: 'a', language: 'en' })],
    ['PUT', '/api/shows/s', (it) => it.updateShow('s', { title: 't', description: 'd', author: 'a', language: 'en' })],
    ['DELETE', '/api/shows/s', (it) => it.deleteShow('s')],
  ])('asks with %s for %s', async (method, address, request) => {
    answer(200, {});
    await request(api);
    expect([asked.mock.calls[0]?.[1].method, asked.mock.calls[0]?.[0]]).toEqual([method, address]);
  });

  it('rejects with what the server says, and where the mistakes are', async () => {
    const problems = [{ line: 3, column: 1, message: 'The speaker "ANNA" has no voice.' }];
    answer(422, { message: 'The script has a mistake.', problems });
    await expect(api.create({ script: 'x' })).rejects.toEqual(new EpisodeApiError('The script has a mistake.', 422, problems));
    asked.mockResolvedValueOnce(new Response('<html>', { status: 502 }));
    await expect(api.list()).rejects.toMatchObject({ message: 'The server answered with the status 502.', status: 502, problems: [] });
    answer(400, { message: 'No.', problems: 'many' });
    await expect(api.list()).rejects.toMatchObject({ message: 'No.', problems: [] });
  });

  it('rejects when the server cannot be reached or understood', async () => {
    asked.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(api.list()).rejects.toMatchObject({ message: 'The server cannot be reached.', status: 0 });
    asked.mockResolvedValueOnce(new Response('<html>', { status: 200 }));
    await expect(api.list()).rejects.toMatchObject({ message: 'The server’s answer cannot be read.' });
  });

  it('rejects as the browser does when the request was given up', async () => {
    const leaving = new AbortController();
    leaving.abort();
    asked.mockRejectedValueOnce(leaving.signal.reason);
    await expect(api.list(leaving.signal)).rejects.toBe(leaving.signal.reason);
  });

  it('knows where the files of an episode are', () => {
    expect((['wav', 'mp3', 'vtt', 'srt', 'chapters'] as const).map((file) => api.fileUrl('e 1', file))).toEqual([
      '/api/narrations/e%201/audio?format=wav',
      '/api/narrations/e%201/audio?format=mp3',
      '/api/narrations/e%201/captions.vtt',
      '/api/narrations/e%201/captions.srt',
      '/api/narrations/e%201/chapters.json',
    ]);
    expect([api.streamUrl('e'), api.eventsUrl('e'), api.feedUrl('s')]).toEqual([
      '/api/narrations/e/stream',
      '/api/narrations/e/events',
      '/api/shows/s/feed.xml',
    ]);
  });
});
