import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderError } from '@parley/providers';
import { FakeProviders } from '@parley/engine/testing';
import { testSettings } from '../testing/test-settings';
import { fallbackProviders } from './fallback-providers';

interface Request {
  path: string | undefined;
  key: string | undefined;
  model: unknown;
}

describe('fallbackProviders', () => {
  /** A model server that refuses every request and records what it was asked. */
  let server: Server;
  let address: string;
  const requests: Request[] = [];

  beforeAll(async () => {
    server = createServer(async (request: IncomingMessage, response) => {
      const body: string[] = [];
      for await (const chunk of request.setEncoding('utf8')) body.push(String(chunk));
      const { model } = JSON.parse(body.join('')) as { model: unknown };
      requests.push({ path: request.url, key: request.headers.authorization, model });
      response.writeHead(401).end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  beforeEach(() => void (requests.length = 0));
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** The model that the first fallback of the language model requests, and the key that it sends. */
  async function asked(environment: Record<string, string>): Promise<Request[]> {
    const settings = testSettings({ OPENAI_API_KEY: 'own', LLM_MODEL: 'gpt-4o', ...environment });
    const chosen = new FakeProviders().asProviders();
    const [provider] = fallbackProviders(settings, undefined, chosen).llm;
    const replies = provider?.port.generate({ messages: [{ role: 'user', content: 'hi' }] }, new AbortController().signal);
    await expect(
      (async () => {
        for await (const event of replies ?? []) expect(event).toBeUndefined();
      })(),
    ).rejects.toBeInstanceOf(ProviderError);
    return requests;
  }

  it('sends the provider’s own key to its own address when an entry names no address', async () => {
    expect(await asked({ OPENAI_BASE_URL: address, LLM_FALLBACK: 'openai:gpt-6-luna', LLM_FALLBACK_API_KEY: 'other' })).toEqual([
      { path: '/v1/chat/completions', key: 'Bearer own', model: 'gpt-6-luna' },
    ]);
  });

  it('never sends the provider’s own key to another address', async () => {
    expect(await asked({ LLM_FALLBACK: `openai:llama3.2:3b@${address}` })).toEqual([
      { path: '/v1/chat/completions', key: 'Bearer not-needed', model: 'llama3.2:3b' },
    ]);
  });

  it('sends another address the key that is configured for it, and asks it for the same models when the entry names none', async () => {
    expect(await asked({ LLM_FALLBACK: `openai@${address}`, LLM_FALLBACK_API_KEY: 'other' })).toEqual([
      { path: '/v1/chat/completions', key: 'Bearer other', model: 'gpt-4o' },
    ]);
  });
});
