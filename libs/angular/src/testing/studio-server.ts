import { Blob as NodeBlob } from 'node:buffer';
import { type BrowserFakes, FakeEventSource, installBrowserFakes, settled } from '@parley/client/testing';
import type { Episode, EpisodeEvent, EpisodeSegment, NarrationOptions, Show } from '@parley/protocol';

/** What the fake server offers. */
export const STUDIO_OPTIONS: NarrationOptions = {
  provider: { name: 'elevenlabs', simulated: true },
  voices: [
    { id: 'anna', name: 'Anna' },
    { id: 'bo', name: 'Bo' },
  ],
  default_voice_id: 'anna',
  models: [
    { id: 'm-live', name: 'Live', max_characters: 40_000, streams_text: true, speaks_dialogue: false, cost_factor: 0.5 },
    { id: 'm-balanced', name: 'Balanced', max_characters: 10_000, streams_text: true, speaks_dialogue: false, cost_factor: 1 },
  ],
  purposes: { live: 'm-live', balanced: 'm-balanced', prerendered: 'm-balanced', expressive: 'm-balanced', multispeaker: 'm-balanced' },
  formats: ['wav', 'mp3'],
  limits: { script_characters: 100_000, segment_characters: 1_500, speakers: 10 },
  price: { per_1000_characters: 0.5, currency: 'EUR' },
};

/** One segment of the fake server's episodes. */
export function studioSegment(index: number, change: Partial<EpisodeSegment> = {}): EpisodeSegment {
  const speaker = index % 2 === 0 ? 'HOST' : 'GUEST';
  return {
    id: `s${index}`,
    index,
    text: `Sentence ${index}.`,
    speaker,
    voice_id: speaker === 'HOST' ? 'anna' : 'bo',
    model: 'm-balanced',
    state: 'waiting',
    line: index + 1,
    ...change,
  };
}

/** An episode as the fake server has just begun it. */
export function studioEpisode(change: Partial<Episode> = {}): Episode {
  return {
    id: 'e1',
    title: 'Rain',
    state: 'rendering',
    progress: { done: 0, total: 2 },
    created_at: '2026-11-30T10:00:00Z',
    updated_at: '2026-11-30T10:00:00Z',
    version: 1,
    script: 'HOST: Sentence 0.\nGUEST: Sentence 1.',
    format: 'screenplay',
    speakers: { HOST: { voice_id: 'anna' }, GUEST: { voice_id: 'bo' } },
    model: 'm-balanced',
    seed: 1,
    pronunciations: [],
    pauses: {},
    segments: [studioSegment(0), studioSegment(1)],
    chapters: [{ title: 'Rain', segment: 0 }],
    metrics: { characters: 24, billed_characters: 24, cache_hits: 0, retries: 0, fallbacks: 0 },
    ...change,
  };
}

/** The same episode when it is finished. */
export function finishedEpisode(change: Partial<Episode> = {}): Episode {
  const done = (index: number): EpisodeSegment => studioSegment(index, { state: 'done', start_ms: index * 1_000, duration_ms: 1_000 });
  return studioEpisode({
    state: 'completed',
    version: 2,
    progress: { done: 2, total: 2 },
    segments: [done(0), done(1)],
    chapters: [{ title: 'Rain', segment: 0, start_ms: 0 }],
    duration_ms: 2_000,
    output: { duration_ms: 2_000, loudness_lufs: -16, true_peak_dbtp: -1.6, files: [{ format: 'mp3', bytes: 1 }] },
    ...change,
  });
}

const CAPTIONS =
  'WEBVTT\n\n00:00.000 --> 00:01.000\n<v HOST>Sentence <00:00.600>0.\n\n00:01.000 --> 00:02.000\n<v GUEST>Sentence <00:01.600>1.\n';

/** A second of a tone at 1 kHz sample rate for each of the two segments, as a WAV file. */
function wav(): Uint8Array {
  const bytes = new Uint8Array(44 + 4_000);
  const view = new DataView(bytes.buffer);
  const write = (at: number, text: string): void => [...text].forEach((char, index) => view.setUint8(at + index, char.charCodeAt(0)));
  write(0, 'RIFF');
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 1_000, true);
  view.setUint16(34, 16, true);
  write(36, 'data');
  for (let sample = 0; sample < 2_000; sample++) view.setInt16(44 + sample * 2, Math.round(8_000 * Math.sin(sample)), true);
  return bytes;
}

/** The server of the studio, and the browser around the page, for one spec. */
export class FakeStudioServer {
  readonly fakes: BrowserFakes = installBrowserFakes();
  /** Method, path and body of every request. */
  readonly requests: { method: string; path: string; body: unknown }[] = [];
  options: NarrationOptions | undefined = STUDIO_OPTIONS;
  episode: Episode = studioEpisode();
  episodes: Episode[] = [];
  shows: Show[] = [];
  /** True: audio breaks off after its first quarter. */
  breaksAudio = false;
  /** What the next request of this method and path is refused with. */
  readonly refusals = new Map<string, { status: number; body: unknown }>();
  private readonly originals = { fetch: globalThis.fetch, Blob: globalThis.Blob };

  constructor() {
    globalThis.fetch = ((address: string, init?: RequestInit) => this.answer(String(address), init)) as typeof fetch;
    // The one of jsdom cannot be read.
    globalThis.Blob = NodeBlob as unknown as typeof Blob;
  }

  restore(): void {
    globalThis.Blob = this.originals.Blob;
    this.fakes.restore();
    localStorage.clear();
  }

  /** Requests of this kind, such as `POST /api/narrations`. */
  asked(what: string): unknown[] {
    return this.requests.filter(({ method, path }) => `${method} ${path}` === what).map(({ body }) => body);
  }

  /** Reports what happens to the open episode. */
  async tell(event: EpisodeEvent): Promise<void> {
    FakeEventSource.made.at(-1)?.say(event);
    await settled();
  }

  /** The episode is finished. */
  async finish(): Promise<void> {
    this.episode = finishedEpisode();
    await this.tell({ type: 'state', state: 'completed', output: this.episode.output });
    // Files are read by the event loop.
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => process.nextTick(resolve));
    await settled();
  }

  private async answer(path: string, init: RequestInit = {}): Promise<unknown> {
    const { method = 'GET', body } = init;
    if (path === '/api/config') return { ok: true, status: 200, json: async () => this.fakes.config };
    this.requests.push({ method, path, body: typeof body === 'string' ? JSON.parse(body) : undefined });
    const refusal = this.refusals.get(`${method} ${path}`);
    this.refusals.delete(`${method} ${path}`);
    if (refusal) return { ok: false, status: refusal.status, json: async () => refusal.body };
    const value = this.valueOf(method, path);
    if (value === undefined) return { ok: false, status: 404, json: async () => ({ message: 'There is no such thing.' }) };
    return {
      ok: true,
      status: 200,
      json: async () => value,
      text: async () => CAPTIONS,
      body: { getReader: () => reader(wav(), this.breaksAudio) },
    };
  }

  private valueOf(method: string, path: string): unknown {
    if (path === '/api/narrations/options') return this.options;
    if (path === '/api/narrations') return method === 'POST' ? this.episode : this.episodes;
    if (path === '/api/shows') return method === 'POST' ? { id: 'show' } : this.shows;
    return path.startsWith('/api/') ? this.episode : undefined;
  }
}

function reader(bytes: Uint8Array, breaks: boolean): Pick<ReadableStreamDefaultReader<Uint8Array>, 'read'> {
  const pieces = [bytes.slice(0, 1_000), bytes.slice(1_000)];
  return {
    read: async () => {
      const value = pieces.shift();
      if (breaks && pieces.length === 0) throw new TypeError('network error');
      return value ? { done: false, value } : { done: true, value: undefined };
    },
  };
}
