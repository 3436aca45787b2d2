import type {
  DialogueChunk,
  DialogueRequest,
  NarrationModel,
  NarrationListener,
  NarrationProvider,
  ProviderError,
  ProviderInfo,
  SegmentRequest,
  SpeechChunk,
  Voice,
} from '@parley/providers';
import { FAKE_INFO } from './fake-failure';

/** One text that was asked for. */
export interface FakeNarrationRequest {
  kind: 'segment' | 'dialogue';
  text: string;
  voiceId: string;
  model: string;
  previousText?: string | undefined;
  nextText?: string | undefined;
  outcome: 'open' | 'done' | 'failed' | 'aborted';
}

export interface FakeNarrationOptions {
  info?: ProviderInfo;
  voices?: readonly Voice[];
  models?: readonly NarrationModel[];
  /** Length of the audio. Default: 20. */
  msPerCharacter?: number;
  /** Asked for each request after it was counted: what it fails with. */
  failure?: (request: FakeNarrationRequest) => ProviderError | undefined;
  /** Asked for each request: when its audio comes. It ends before that if it is aborted. */
  until?: (request: FakeNarrationRequest) => Promise<void> | undefined;
}

const MS_PER_CHARACTER = 20;
const CHUNK_MS = 200;
const PITCH_HZ = 200;
const model = (id: string, rest: Partial<NarrationModel> = {}): NarrationModel => ({
  ...{ id, name: id, maxCharacters: 5_000, streamsText: true, speaksDialogue: false, languages: [], costFactor: 1 },
  ...rest,
});

export const FAKE_NARRATION_MODELS: readonly NarrationModel[] = [
  model('eleven_flash_v2_5', { costFactor: 0.5 }),
  model('eleven_multilingual_v2'),
  model('eleven_v3', { streamsText: false, speaksDialogue: true }),
];

/** Speaks whole texts as tones that are as long as the text requires, and records what was asked for. */
export class FakeNarration implements NarrationProvider {
  readonly info: ProviderInfo;
  readonly requests: FakeNarrationRequest[] = [];
  /** The most requests that were open at the same time. */
  mostOpen = 0;
  isClosed = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: FakeNarrationOptions = {}) {
    this.info = options.info ?? FAKE_INFO;
  }

  get openRequests(): number {
    return this.requests.filter(({ outcome }) => outcome === 'open').length;
  }

  /** The texts that were asked for, in their order. */
  get texts(): string[] {
    return this.requests.map(({ text }) => text);
  }

  /** Resolves as soon as the requests are as the condition says. */
  async when(condition: (requests: readonly FakeNarrationRequest[]) => boolean): Promise<void> {
    while (!condition(this.requests)) await new Promise<void>((resolve) => this.#listeners.add(resolve));
  }

  // eslint-disable-next-line require-yield -- episodes are not narrated live.
  async *narrate(): AsyncGenerator<SpeechChunk> {
    throw new Error('this fake speaks whole texts only');
  }

  speakSegment(request: SegmentRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const { text, voiceId, model: id, previousText, nextText } = request;
    return this.#speak({ kind: 'segment', text, voiceId, model: id, previousText, nextText, outcome: 'open' }, request, signal);
  }

  speakDialogue(request: DialogueRequest, signal: AbortSignal): AsyncGenerator<DialogueChunk> {
    const text = request.lines.map((line) => line.text).join('');
    const voiceId = request.lines.map((line) => line.voiceId).join('+');
    return this.#speak({ kind: 'dialogue', text, voiceId, model: request.model, outcome: 'open' }, request, signal);
  }

  models(): Promise<readonly NarrationModel[]> {
    return Promise.resolve(this.options.models ?? FAKE_NARRATION_MODELS);
  }

  voices(): Promise<Voice[]> {
    return Promise.resolve([
      ...(this.options.voices ?? [
        { id: 'anna', name: 'Anna' },
        { id: 'ben', name: 'Ben' },
      ]),
    ]);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  async *#speak(
    request: FakeNarrationRequest,
    { sampleRateHz, onNotice }: { sampleRateHz: number; onNotice?: NarrationListener },
    signal: AbortSignal,
  ): AsyncGenerator<SpeechChunk> {
    if (signal.aborted) return;
    this.requests.push(request);
    this.mostOpen = Math.max(this.mostOpen, this.openRequests);
    this.#changed();
    try {
      await endOf(this.options.until?.(request), signal);
      const failure = signal.aborted ? undefined : this.options.failure?.(request);
      if (failure) {
        request.outcome = 'failed';
        throw failure;
      }
      if (signal.aborted) return;
      onNotice?.({ type: 'billed', characters: [...request.text].length });
      for (const chunk of speechOf(request.text, sampleRateHz, this.options.msPerCharacter ?? MS_PER_CHARACTER)) {
        yield chunk;
        if (signal.aborted) return;
      }
      request.outcome = 'done';
    } finally {
      if (request.outcome === 'open') request.outcome = 'aborted';
      this.#changed();
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

function endOf(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (!promise || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    void promise.then(resolve);
  });
}

function* speechOf(text: string, sampleRateHz: number, msPerCharacter: number): Generator<SpeechChunk> {
  const chars = [...text];
  const perChunk = Math.max(1, Math.round(CHUNK_MS / msPerCharacter));
  for (let from = 0; from < chars.length; from += perChunk) {
    const part = chars.slice(from, from + perChunk);
    const startMs = part.map((_, i) => (from + i) * msPerCharacter);
    const at = Math.round((startMs[0] * sampleRateHz) / 1_000);
    const end = Math.round(((from + part.length) * msPerCharacter * sampleRateHz) / 1_000);
    const pcm = Int16Array.from({ length: end - at }, (_, i) =>
      Math.round(8_000 * Math.sin((2 * Math.PI * PITCH_HZ * (at + i)) / sampleRateHz)),
    );
    yield { pcm, alignment: { chars: part, startMs, durationMs: part.map(() => msPerCharacter) } };
  }
}
