import { startHttpServer, type HttpServer } from '../testing/http-server';
import { findLocalModelServer, loadLocalModel, LOCAL_MODEL_CANDIDATES } from './local-model-probe';

type Answers = Record<string, { status?: number; body?: unknown } | 'stall'>;

/** Returns a fetch that answers at these addresses. All others refuse the connection, and `stall` never answers but rejects when it is aborted. */
function fetchFrom(answers: Answers): typeof fetch {
  return (input, init) => {
    const answer = answers[String(input)];
    if (answer === undefined) return Promise.reject(new TypeError('fetch failed'));
    if (answer === 'stall')
      return new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    return Promise.resolve(Response.json(answer.body ?? {}, { status: answer.status ?? 200 }));
  };
}

const models = (...ids: string[]) => ({ body: { object: 'list', data: ids.map((id) => ({ id })) } });
const OLLAMA = 'http://127.0.0.1:11434/v1/models';
const LM_STUDIO = 'http://127.0.0.1:1234/v1/models';
const LLAMA_CPP = 'http://127.0.0.1:8080/v1/models';
const HEALTH = 'http://127.0.0.1:8080/health';
const never = () => new AbortController().signal;

describe('findLocalModelServer', () => {
  it.each<[string, Answers, object | undefined]>([
    ['nothing when no server runs', {}, undefined],
    [
      'Ollama with its first model that can chat',
      { [OLLAMA]: models('nomic-embed-text', 'llama3.2:3b', 'qwen') },
      { name: 'ollama', model: 'llama3.2:3b' },
    ],
    [
      'the first server in the given order when several run',
      { [LM_STUDIO]: models('b'), [OLLAMA]: models('a') },
      { name: 'ollama', model: 'a' },
    ],
    [
      'the next server when the first has no model that can chat',
      { [OLLAMA]: models('whisper-1', 'bge-reranker'), [LM_STUDIO]: models('b') },
      { name: 'lm-studio', model: 'b' },
    ],
    [
      'llama.cpp when it reports that it is healthy',
      { [LLAMA_CPP]: models('m.gguf'), [HEALTH]: {} },
      { name: 'llama.cpp', model: 'm.gguf' },
    ],
    ['nothing when llama.cpp is still loading its model', { [LLAMA_CPP]: models('m.gguf'), [HEALTH]: { status: 503 } }, undefined],
    ['nothing when another program uses the port', { [LLAMA_CPP]: { body: '<html>' }, [HEALTH]: {} }, undefined],
    [
      'the server that answers when another one does not',
      { [OLLAMA]: 'stall', [LM_STUDIO]: models('b') },
      { name: 'lm-studio', model: 'b' },
    ],
  ])('finds %s', async (_name, answers, expected) => {
    const found = await findLocalModelServer(never(), { fetch: fetchFrom(answers) });
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });

  it('asks only the loopback address', () => {
    for (const { baseURL } of LOCAL_MODEL_CANDIDATES) expect(new URL(baseURL).hostname).toBe('127.0.0.1');
  });

  it('stops waiting for servers when aborted', async () => {
    expect(await findLocalModelServer(AbortSignal.abort(), { fetch: fetchFrom({ [OLLAMA]: models('a') }) })).toMatchObject({ model: 'a' });
    expect(await findLocalModelServer(AbortSignal.abort())).toBeUndefined();
  });
});

describe('loadLocalModel', () => {
  let server: HttpServer;
  afterEach(() => server.close());

  it.each([
    [200, true],
    [404, false],
  ])('asks for one token and, for an answer with status %i, returns %p', async (status, expected) => {
    server = await startHttpServer((_request, response) => response.writeHead(status).end('{}'));
    const loaded = await loadLocalModel({ name: 'ollama', baseURL: `${server.origin}/v1`, model: 'm' }, never());
    expect(loaded).toBe(expected);
    expect(server.requests).toMatchObject([{ body: { model: 'm', max_tokens: 1 } }]);
  });
});
