import { boundedFetch } from '../socket/bounded-fetch';
import { asObject, asString } from '../shared/json';

/** A server for open models that runs on this machine. */
export interface LocalModelServer {
  /** A name in lower case that can be used as `ProviderInfo.name`. */
  name: string;
  /** The address of the API, which ends in `/v1`. */
  baseURL: string;
  /** The first of the models of the server that can hold a conversation. */
  model: string;
}

/** An address at which to look for a server. Only loopback addresses are used. */
export interface LocalModelCandidate {
  name: string;
  /** The address of the API, which ends in `/v1`. */
  baseURL: string;
  /** An address that answers with status 200 once the server accepts requests. */
  healthUrl?: string;
}

export interface LocalModelProbeOptions {
  candidates?: readonly LocalModelCandidate[];
  fetch?: typeof fetch;
}

/** The places to look at, in order of preference. */
export const LOCAL_MODEL_CANDIDATES: readonly LocalModelCandidate[] = [
  { name: 'ollama', baseURL: 'http://127.0.0.1:11434/v1' },
  { name: 'lm-studio', baseURL: 'http://127.0.0.1:1234/v1' },
  { name: 'llama.cpp', baseURL: 'http://127.0.0.1:8080/v1', healthUrl: 'http://127.0.0.1:8080/health' },
];

const PROBE_TIMEOUT_MS = 300;
const LOAD_TIMEOUT_MS = 120_000;
/** Limit of an answer. It allows a list of hundreds of models. */
const MOST_BYTES = 1024 * 1024;
/** Limit of the name of a model. Anything longer comes from another program that uses the port. */
const MOST_NAME_CHARACTERS = 200;
const NOT_FOR_CHAT = /embed|rerank|whisper|tts|clip/i;

/**
 * Asks the usual addresses at the same time, waits for up to 300 ms, and takes the first server in order that has a model that can chat.
 * Never throws and never starts a download.
 */
export async function findLocalModelServer(
  signal: AbortSignal,
  options: LocalModelProbeOptions = {},
): Promise<LocalModelServer | undefined> {
  const { candidates = LOCAL_MODEL_CANDIDATES } = options;
  const fetcher = bounded(options);
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
  const servers = await Promise.all(candidates.map((candidate) => probe(candidate, fetcher, timeout)));
  return servers.find((server) => server !== undefined);
}

/**
 * Makes the server load the model by requesting one token, so that the first reply does not have to wait. Returns false if the model could
 * not be loaded. Never throws.
 */
export async function loadLocalModel(
  server: LocalModelServer,
  signal: AbortSignal,
  options: Pick<LocalModelProbeOptions, 'fetch'> = {},
): Promise<boolean> {
  const fetcher = bounded(options);
  try {
    const response = await fetcher(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: server.model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 1 }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(LOAD_TIMEOUT_MS)]),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

const bounded = ({ fetch: fetcher = fetch }: Pick<LocalModelProbeOptions, 'fetch'>): typeof fetch =>
  boundedFetch('local-model', { mostBytes: MOST_BYTES }, fetcher);

async function probe(candidate: LocalModelCandidate, fetcher: typeof fetch, signal: AbortSignal): Promise<LocalModelServer | undefined> {
  try {
    const [isHealthy, models] = await Promise.all([
      candidate.healthUrl === undefined || fetcher(candidate.healthUrl, { signal }).then(isOk),
      fetcher(`${candidate.baseURL}/models`, { signal }).then(readModelIds),
    ]);
    const model = models.find((id) => !NOT_FOR_CHAT.test(id));
    return isHealthy && model !== undefined ? { name: candidate.name, baseURL: candidate.baseURL, model } : undefined;
  } catch {
    return undefined;
  }
}

async function isOk(response: Response): Promise<boolean> {
  await response.arrayBuffer();
  return response.ok;
}

async function readModelIds(response: Response): Promise<string[]> {
  const rows = asObject(response.ok ? await response.json() : undefined)?.['data'];
  if (!Array.isArray(rows)) return [];
  return rows
    .map((row) => asString(asObject(row)?.['id']))
    .filter((id) => id !== undefined)
    .filter(({ length }) => length <= MOST_NAME_CHARACTERS);
}
