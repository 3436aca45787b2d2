import type {
  DialogueChunk,
  DialogueRequest,
  NarrationModel,
  NarrationOptions,
  NarrationPiece,
  NarrationProvider,
  Pronunciation,
  SegmentRequest,
} from '../../ports/narration';
import { type ProviderLogger, SILENT_LOGGER } from '../../ports/provider-logger';
import type { ProviderInfo } from '../../ports/provider-info';
import type { SpeechChunk, Voice } from '../../ports/text-to-speech';
import { pause } from '../../shared/pause';
import { socketUrl } from '../../socket/socket-url';
import { assertUsableEndpoint } from '../../socket/usable-endpoint';
import { ELEVEN_LABS } from '../eleven-labs-errors';
import { modelTraits } from '../model-traits';
import { outputRate } from '../output-rate';
import { BUILT_IN_MODELS, readModels, speaksDialogue as modelSpeaksDialogue } from './narration-models';
import { NarrationRun } from './narration-run';
import { NarrationSockets } from './narration-sockets';
import { NarrationText } from './narration-text';
import { DEFAULT_TIMING, type NarrationTiming } from './narration-timing';
import { PronunciationDictionaries } from './pronunciation-dictionaries';
import { charactersOf, speakDialogue, speakSegment } from './segment-speech';
import { VendorRequests } from './vendor-requests';
import { listVoices } from './voice-list';
import { checkSchedule, checkVoice, refused, vendorLanguage } from './voice-request';
import { isSpoken } from './word-breaks';

export interface ElevenLabsNarrationOptions extends Partial<NarrationTiming> {
  apiKey: string;
  /** Origin: http, https, ws or wss. */
  baseUrl: string;
  /** True when `baseUrl` is the built-in simulator. */
  simulated: boolean;
  logger?: ProviderLogger;
  /** Limit for opening a socket in milliseconds, default 4 000. */
  handshakeTimeoutMs?: number;
  /** Limit until the headers of an answer over HTTP in milliseconds, default 15 000. The large models are slow. */
  answerTimeoutMs?: number;
  /** Whether a socket is kept open for the next narration or a lost connection, default true. */
  keepsSpare?: boolean;
  /** How long a spare socket waits in milliseconds, default 150 000. */
  spareIdleMs?: number;
  /** Random numbers from 0 to 1 that spread retries over time, default `Math.random`. */
  random?: () => number;
  /** Waits before a retry. Resolves early when the signal aborts. Default: a timer. */
  wait?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** The longest time that the vendor allows a socket to be idle, in seconds. */
const SOCKET_IDLE_S = 180;
const SPARE_IDLE_MS = 150_000;
const MOST_DIALOGUE_VOICES = 10;
/** What the vendor recommends for a dialogue. Longer ones lose quality. */
const MOST_DIALOGUE_CHARACTERS = 2_000;
const MODELS_VALID_MS = 3_600_000;

/**
 * Narration with ElevenLabs. Text that is still being written goes over the `stream-input` socket, one narration per socket; whole segments
 * and dialogue go over HTTP. What the vendor would refuse is refused before it is sent. Pronunciations become a dictionary at the vendor; a
 * spelling works with every model, and IPA only with those that read phonemes (others ignore it).
 */
export class ElevenLabsNarration implements NarrationProvider {
  readonly info: ProviderInfo;
  readonly #requests: VendorRequests;
  readonly #sockets: NarrationSockets;
  readonly #dictionaries: PronunciationDictionaries;
  readonly #ending = new AbortController();
  #models: { list: readonly NarrationModel[]; atMs: number } | undefined;

  /** Throws if `baseUrl` or `apiKey` can never work. */
  constructor(private readonly options: ElevenLabsNarrationOptions) {
    const { apiKey, baseUrl, simulated, handshakeTimeoutMs = 4_000, answerTimeoutMs = 15_000 } = options;
    assertUsableEndpoint(baseUrl, apiKey);
    this.info = { name: ELEVEN_LABS, simulated };
    const { gapTimeoutMs } = this.#timing;
    this.#requests = new VendorRequests({ apiKey, baseUrl, answerTimeoutMs, gapTimeoutMs, wait: this.#wait, random: this.#random });
    this.#sockets = new NarrationSockets({
      apiKey,
      handshakeTimeoutMs,
      keepsSpare: options.keepsSpare ?? true,
      spareIdleMs: options.spareIdleMs ?? SPARE_IDLE_MS,
    });
    this.#dictionaries = new PronunciationDictionaries(this.#requests);
  }

  async *narrate(pieces: AsyncIterable<NarrationPiece>, voice: NarrationOptions, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const stop = this.#stopOn(signal);
    if (stop.aborted) return;
    if (!modelTraits(voice.model).worksOnSocket) {
      throw refused(`${voice.model} does not take text piece by piece; eleven_flash_v2_5 does`);
    }
    checkSchedule(voice.chunkSchedule);
    checkVoice(voice);
    const run = new NarrationRun(
      {
        url: this.#socketUrl(voice),
        sockets: this.#sockets,
        requests: this.#requests,
        text: new NarrationText(pieces),
        voice,
        costFactor: this.#model(voice.model).costFactor,
        timing: this.#timing,
        logger: this.options.logger ?? SILENT_LOGGER,
        random: this.#random,
        wait: this.#wait,
      },
      stop,
    );
    yield* run.speak();
  }

  async *speakSegment(request: SegmentRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    const { text, model, pronunciations = [] } = request;
    const { maxCharacters, costFactor } = this.#model(model);
    if (!isSpoken(text)) throw refused('there is nothing to speak in the text');
    if (text.length > maxCharacters) throw refused(`${model} takes ${maxCharacters} characters at once, the text has ${text.length}`);
    checkVoice(request);
    yield* this.#until(signal, (stop) => this.#segment(request, pronunciations, costFactor, stop));
  }

  async *speakDialogue(request: DialogueRequest, signal: AbortSignal): AsyncGenerator<DialogueChunk, void> {
    const { model, lines, seed, stability } = request;
    const voices = new Set(lines.map(({ voiceId }) => voiceId)).size;
    const characters = charactersOf(request);
    if (!modelSpeaksDialogue(model)) throw refused(`${model} does not speak dialogue; eleven_v3 does`);
    const silent = lines.findIndex(({ text }) => !isSpoken(text));
    if (lines.length === 0) throw refused('there are no lines to speak');
    if (silent >= 0) throw refused(`there is nothing to speak in line ${silent + 1}`);
    if (voices > MOST_DIALOGUE_VOICES) throw refused(`a dialogue has at most ${MOST_DIALOGUE_VOICES} voices, this one has ${voices}`);
    if (characters > MOST_DIALOGUE_CHARACTERS) {
      throw refused(`a dialogue has at most ${MOST_DIALOGUE_CHARACTERS} characters, this one has ${characters}`);
    }
    checkVoice({ ...(seed !== undefined && { seed }), ...(stability !== undefined && { settings: { stability } }) });
    const { costFactor } = this.#model(model);
    yield* this.#until(signal, (stop) => speakDialogue(this.#requests, request, costFactor, stop));
  }

  async models(signal: AbortSignal): Promise<readonly NarrationModel[]> {
    const known = this.#models;
    if (known && performance.now() - known.atMs < MODELS_VALID_MS) return known.list;
    try {
      const list = readModels(await this.#requests.list('/v1/models', {}, signal));
      if (list.length === 0) return known?.list ?? BUILT_IN_MODELS;
      this.#models = { list, atMs: performance.now() };
      return list;
    } catch {
      return known?.list ?? BUILT_IN_MODELS;
    }
  }

  /** Returns the voices of the account. Rejects with `ProviderError`, also when aborted. */
  voices(signal: AbortSignal): Promise<Voice[]> {
    return listVoices(this.#requests, signal);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#sockets.close();
  }

  get #timing(): NarrationTiming {
    const { firstAudioTimeoutMs, gapTimeoutMs, keepAliveMs, stallMs } = { ...DEFAULT_TIMING, ...this.options };
    return { firstAudioTimeoutMs, gapTimeoutMs, keepAliveMs, stallMs };
  }

  readonly #random = (): number => (this.options.random ?? Math.random)();

  readonly #wait = (durationMs: number, signal: AbortSignal): Promise<void> => (this.options.wait ?? pause)(durationMs, signal);

  #stopOn(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#ending.signal]);
  }

  /** Passes on a stream until the signal aborts, which ends it without an error. */
  async *#until<T>(signal: AbortSignal, start: (stop: AbortSignal) => AsyncIterable<T>): AsyncGenerator<T, void> {
    const stop = this.#stopOn(signal);
    if (stop.aborted) return;
    try {
      for await (const item of start(stop)) {
        yield item;
        if (stop.aborted) return;
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }

  async *#segment(
    request: SegmentRequest,
    pronunciations: readonly Pronunciation[],
    costFactor: number,
    stop: AbortSignal,
  ): AsyncGenerator<SpeechChunk, void> {
    const dictionary = pronunciations.length === 0 ? undefined : await this.#dictionaries.locate(pronunciations, stop);
    yield* speakSegment(this.#requests, { ...request, dictionary }, costFactor, stop);
  }

  #model(id: string): Pick<NarrationModel, 'maxCharacters' | 'costFactor'> {
    const listed = [...(this.#models?.list ?? []), ...BUILT_IN_MODELS].find((model) => model.id === id);
    return listed ?? { maxCharacters: Infinity, costFactor: 1 };
  }

  #socketUrl({ voiceId, model, language, seed, sampleRateHz }: NarrationOptions): string {
    return socketUrl(this.options.baseUrl, `/v1/text-to-speech/${encodeURIComponent(voiceId)}/stream-input`, {
      model_id: model,
      language_code: vendorLanguage(model, language),
      output_format: `pcm_${outputRate(sampleRateHz)}`,
      seed,
      sync_alignment: true,
      inactivity_timeout: SOCKET_IDLE_S,
    });
  }
}
