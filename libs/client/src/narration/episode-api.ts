import type {
  ApiError,
  CreateEpisode,
  EditSegment,
  Episode,
  EpisodeFormat,
  EpisodePlan,
  EpisodeSummary,
  NarrationOptions,
  ScriptProblem,
  Show,
  ShowDetails,
} from '@parley/protocol';
import { AccessRefused, type SessionTokenSource } from '../link/session-token';

/** The server refused a request or could not be reached. `message` is for people to read. */
export class EpisodeApiError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 if there was no answer. */
    readonly status: number,
    readonly problems: readonly ScriptProblem[] = [],
  ) {
    super(message);
    this.name = 'EpisodeApiError';
  }
}

/** What can be downloaded of an episode. */
export type EpisodeFile = EpisodeFormat | 'vtt' | 'srt' | 'chapters';

/**
 * Episodes and shows over HTTP. Every request rejects with an `EpisodeApiError`, or with the browser's `AbortError` if its signal aborts.
 * `base` is the address that `/api` stands for, without a slash at its end.
 */
export class EpisodeApi {
  /** `tokens` is asked before each request that changes or costs something. */
  constructor(
    private readonly base = '/api',
    private readonly tokens: SessionTokenSource = () => undefined,
  ) {}

  options(signal?: AbortSignal): Promise<NarrationOptions> {
    return this.json('GET', '/narrations/options', undefined, signal);
  }

  check(episode: CreateEpisode, signal?: AbortSignal): Promise<EpisodePlan> {
    return this.json('POST', '/narrations/check', episode, signal);
  }

  create(episode: CreateEpisode, signal?: AbortSignal): Promise<Episode> {
    return this.json('POST', '/narrations', episode, signal);
  }

  async list(signal?: AbortSignal): Promise<EpisodeSummary[]> {
    return this.json('GET', '/narrations', undefined, signal);
  }

  episode(id: string, signal?: AbortSignal): Promise<Episode> {
    return this.json('GET', `/narrations/${encodeURIComponent(id)}`, undefined, signal);
  }

  async cancel(id: string): Promise<void> {
    await this.send('POST', `/narrations/${encodeURIComponent(id)}/cancel`);
  }

  async resume(id: string): Promise<void> {
    await this.send('POST', `/narrations/${encodeURIComponent(id)}/resume`);
  }

  async edit(id: string, segmentId: string, change: EditSegment): Promise<void> {
    await this.send('PATCH', `/narrations/${encodeURIComponent(id)}/segments/${encodeURIComponent(segmentId)}`, change);
  }

  async delete(id: string): Promise<void> {
    await this.send('DELETE', `/narrations/${encodeURIComponent(id)}`);
  }

  /** A short sentence in this voice, as the bytes of a WAV file. */
  async preview(voiceId: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return bodyOf(await this.send('POST', `/voices/${encodeURIComponent(voiceId)}/preview`, undefined, signal));
  }

  /** The text of a small file, such as captions. */
  async text(address: string, signal?: AbortSignal): Promise<string> {
    return (await this.request(address, { signal, cache: 'no-cache' })).text();
  }

  /** The bytes of a file, as they come. */
  async bytes(address: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return bodyOf(await this.request(address, { signal, cache: 'no-cache' }));
  }

  shows(signal?: AbortSignal): Promise<Show[]> {
    return this.json('GET', '/shows', undefined, signal);
  }

  createShow(show: ShowDetails): Promise<Show> {
    return this.json('POST', '/shows', show);
  }

  updateShow(id: string, show: ShowDetails): Promise<Show> {
    return this.json('PUT', `/shows/${encodeURIComponent(id)}`, show);
  }

  async deleteShow(id: string): Promise<void> {
    await this.send('DELETE', `/shows/${encodeURIComponent(id)}`);
  }

  /** Where a file of an episode is. */
  fileUrl(id: string, file: EpisodeFile): string {
    const episode = `${this.base}/narrations/${encodeURIComponent(id)}`;
    switch (file) {
      case 'vtt':
      case 'srt':
        return `${episode}/captions.${file}`;
      case 'chapters':
        return `${episode}/chapters.json`;
      default:
        return `${episode}/audio?format=${file}`;
    }
  }

  /** Where the episode's audio comes as it is made, as WAV. */
  streamUrl(id: string): string {
    return `${this.base}/narrations/${encodeURIComponent(id)}/stream`;
  }

  /** Where the episode reports what happens to it. */
  eventsUrl(id: string): string {
    return `${this.base}/narrations/${encodeURIComponent(id)}/events`;
  }

  feedUrl(showId: string): string {
    return `${this.base}/shows/${encodeURIComponent(showId)}/feed.xml`;
  }

  private async json<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const answer = await this.send(method, path, body, signal);
    try {
      return (await answer.json()) as T;
    } catch {
      throw new EpisodeApiError('The server’s answer cannot be read.', answer.status);
    }
  }

  private async send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const token = method === 'GET' ? undefined : await this.token(signal);
    return await this.request(`${this.base}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    });
  }

  private async token(signal: AbortSignal | undefined): Promise<string | undefined> {
    try {
      return await this.tokens('episodes', signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw error instanceof AccessRefused
        ? new EpisodeApiError(error.message, 401)
        : new EpisodeApiError('The server cannot be reached.', 0);
    }
  }

  private async request(address: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(address, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new EpisodeApiError('The server cannot be reached.', 0);
    }
    if (answer.ok) return answer;
    const { message, problems } = await readError(answer);
    throw new EpisodeApiError(message, answer.status, problems);
  }
}

function bodyOf({ body, status }: Response): ReadableStream<Uint8Array> {
  if (!body) throw new EpisodeApiError('The server sent no audio.', status);
  return body;
}

/** What the server says about a refusal; its status, in words, where it says nothing. */
async function readError(answer: Response): Promise<ApiError> {
  const value: unknown = await answer.json().catch(() => undefined);
  if (typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string') {
    return { message: value.message, problems: 'problems' in value && isProblemList(value.problems) ? value.problems : [] };
  }
  return { message: `The server answered with the status ${answer.status}.` };
}

/** What a script's mistakes come as; anything else in their place is left out. */
function isProblemList(value: unknown): value is ScriptProblem[] {
  return (
    Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null && 'line' in entry && 'message' in entry)
  );
}
