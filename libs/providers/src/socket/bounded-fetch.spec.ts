import type { ServerResponse } from 'node:http';
import { type HttpServer, startHttpServer } from '../testing/http-server';
import { boundedFetch } from './bounded-fetch';

const KIB = 1_024;
const failing = expect.objectContaining({ name: 'ProviderError', provider: 'vendor', code: 'bad_response' });

describe('boundedFetch', () => {
  let server: HttpServer;
  let answer: (response: ServerResponse) => void;

  beforeAll(async () => {
    server = await startHttpServer((_request, response) => answer(response));
  });
  afterAll(() => server.close());

  const ask = (bounds: { mostBytes: number; mostLineBytes?: number }): Promise<Response> => boundedFetch('vendor', bounds)(server.origin);

  function events(response: ServerResponse): ServerResponse {
    return response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  }

  /** Writes the same data again and again until the client disconnects. */
  function writeForEver(response: ServerResponse, data: string): void {
    const more = (): void => {
      while (!response.destroyed && response.write(data));
      response.once('drain', more);
    };
    more();
  }

  it('passes on an answer that is within its limits', async () => {
    answer = (response) => void response.writeHead(201, { 'x-name': 'value' }).end('{"a":1}');
    const response = await ask({ mostBytes: 7 });
    expect([response.status, response.headers.get('x-name'), await response.json()]).toEqual([201, 'value', { a: 1 }]);
  });

  it('returns no body if the answer has none', async () => {
    answer = (response) => void response.writeHead(204).end();
    const response = await ask({ mostBytes: 7 });
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it('fails on a body that never ends, and cancels the request', async () => {
    answer = (response) => writeForEver(response.writeHead(200), 'x'.repeat(KIB));
    const response = await ask({ mostBytes: 64 * KIB });
    await expect(response.text()).rejects.toEqual(failing);
    expect(await server.requests.at(-1)?.ended).toBe(false);
  });

  it('cuts off the endless body of an error, and cancels the request', async () => {
    answer = (response) => writeForEver(response.writeHead(401), 'x'.repeat(KIB));
    const response = await ask({ mostBytes: 64 * KIB });
    expect(response.status).toBe(401);
    expect((await response.text()).length).toBeLessThanOrEqual(64 * KIB);
    expect(await server.requests.at(-1)?.ended).toBe(false);
  });

  it('fails on an endless body of small chunks', async () => {
    const cancel = jest.fn();
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(Buffer.from('x')), cancel });
    const fetcher = (): Promise<Response> => Promise.resolve(new Response(body));
    const response = await boundedFetch('vendor', { mostBytes: 64 * KIB * KIB }, fetcher)('http://vendor.example');
    await expect(response.text()).rejects.toEqual(failing);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('fails on a line that never ends', async () => {
    answer = (response) => writeForEver(events(response), 'x'.repeat(KIB));
    const response = await ask({ mostBytes: 64 * KIB * KIB, mostLineBytes: 64 * KIB });
    await expect(response.text()).rejects.toEqual(failing);
  });

  it('passes on an event stream in whole lines, however it was cut into chunks', async () => {
    const text = 'data: {"a":"ä"}\r\n\r\ndata: [DONE]\n\nrest';
    answer = (response) => {
      events(response);
      for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
      response.end();
    };
    const response = await ask({ mostBytes: 64 * KIB, mostLineBytes: 64 });
    const chunks: string[] = [];
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk).toString());
    expect(chunks.join('')).toBe(text);
    for (const chunk of chunks.slice(0, -1)) expect(chunk).toMatch(/[\r\n]$/);
  });

  it('passes on a line without waiting for the next one', async () => {
    answer = (response) => void events(response).write('data: 1\n\nda');
    const response = await ask({ mostBytes: 64 * KIB, mostLineBytes: 64 });
    const reader = response.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
    await reader?.cancel();
    expect(await server.requests.at(-1)?.ended).toBe(false);
  });

  it('lets other tasks run between many small chunks', async () => {
    answer = (response) => {
      events(response);
      for (let i = 0; i < 5_000; i += 1) response.write(':\n');
      response.end();
    };
    const response = await ask({ mostBytes: 64 * KIB, mostLineBytes: 64 });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    expect((await response.text()).length).toBe(10_000);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });

  it('follows no redirect', async () => {
    const asked = server.requests.length;
    answer = (response) => void response.writeHead(307, { location: '/elsewhere' }).end();
    await expect(ask({ mostBytes: 7 })).rejects.toThrow('fetch failed');
    expect(server.requests.length - asked).toBe(1);
  });
});
