import { once } from 'node:events';
import { get } from 'node:http';
import type { CreateEpisode, Episode, EpisodeEvent, EpisodeState } from '@parley/protocol';

/** A client of the episodes of a server. */
export class EpisodeClient {
  constructor(readonly origin: string) {}

  request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    return fetch(`${this.origin}/api${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, ...json });
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const answer = await this.request(method, path, body);
    return { status: answer.status, body: (answer.status === 204 ? undefined : await answer.json()) as T };
  }

  async create(episode: CreateEpisode): Promise<Episode> {
    const { status, body } = await this.json<Episode>('POST', '/narrations', episode);
    if (status !== 201) throw new Error(`not created: ${JSON.stringify(body)}`);
    return body;
  }

  /** The server-sent events of an episode, from now on. Leaving the loop closes the connection. */
  async *events(id: string): AsyncGenerator<EpisodeEvent, void> {
    const request = get(`${this.origin}/api/narrations/${id}/events`);
    const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
    try {
      let text = '';
      for await (const part of response) {
        text += part.toString();
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data !== undefined) yield JSON.parse(data) as EpisodeEvent;
        }
      }
    } finally {
      request.destroy();
    }
  }

  /** Resolves with the episode when it is in one of these states. */
  async reaches(id: string, ...states: EpisodeState[]): Promise<Episode> {
    for await (const event of this.events(id)) {
      const state = event.type === 'state' ? event.state : event.type === 'episode' ? event.episode.state : undefined;
      if (state && states.includes(state)) break;
    }
    return (await this.json<Episode>('GET', `/narrations/${id}`)).body;
  }
}
