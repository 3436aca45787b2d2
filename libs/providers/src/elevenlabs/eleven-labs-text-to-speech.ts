import type { ProviderInfo } from '../ports/provider-info';
import type { TextToSpeech, TtsOptions, TtsSession, Voice } from '../ports/text-to-speech';
import { SILENT_LOGGER, type ProviderLogger } from '../ports/provider-logger';
import { socketUrl } from '../socket/socket-url';
import { assertUsableEndpoint } from '../socket/usable-endpoint';
import type { VoiceSettings } from './context-speech';
import { ELEVEN_LABS } from './eleven-labs-errors';
import { ElevenLabsSession } from './eleven-labs-session';
import { HttpSpeech } from './http-speech';
import { languageFor, speaksLanguage } from './model-languages';
import { modelTraits } from './model-traits';
import { outputRate } from './output-rate';

export interface ElevenLabsTextToSpeechOptions {
  apiKey: string;
  /** Origin: http, https, ws or wss. */
  baseUrl: string;
  /** The voice that speaks if `open` names none. */
  voiceId: string;
  modelId: string;
  /** Further models for languages that `modelId` does not speak. The first one that speaks the language is used. */
  furtherModelIds?: readonly string[];
  /** Use only HTTP and open no socket. */
  httpOnly?: boolean;
  /** True when `baseUrl` is the built-in simulator. */
  simulated: boolean;
  /** The vendor's own names and ranges, e.g. `stability`, `similarity_boost`, `speed`. */
  voiceSettings?: VoiceSettings;
  logger?: ProviderLogger;
  /** Limit for opening the socket in milliseconds, default 4 000. */
  handshakeTimeoutMs?: number;
  /** Limit from the first text to the first audio in milliseconds. The default depends on the model and is 2 500 for Flash. */
  firstAudioTimeoutMs?: number;
  /** Limit between two chunks while more audio must follow in milliseconds, default 2 000. */
  gapTimeoutMs?: number;
  /** How much longer than for the first audio may be waited altogether in milliseconds, plus two seconds for each second of audio; default 10 000. */
  patienceMs?: number;
  /** Random numbers from 0 to 1 that spread reconnects over time, default `Math.random`. */
  random?: () => number;
}

const VOICE_SETTINGS: VoiceSettings = { stability: 0.5, similarity_boost: 0.75 };
/** The longest time that the vendor allows a socket to be idle, in seconds. */
const SOCKET_IDLE_S = 180;

/**
 * Streaming speech from ElevenLabs. Each session opens one multi-context socket in advance, and uses HTTP if the socket is not available or
 * does not support the model. Each session is closed by whoever opened it.
 */
export class ElevenLabsTextToSpeech implements TextToSpeech {
  readonly info: ProviderInfo;
  readonly #http: HttpSpeech;

  /** Throws if `baseUrl` or `apiKey` can never work. */
  constructor(private readonly options: ElevenLabsTextToSpeechOptions) {
    assertUsableEndpoint(options.baseUrl, options.apiKey);
    this.info = { name: ELEVEN_LABS, simulated: options.simulated };
    this.#http = new HttpSpeech({ apiKey: options.apiKey, baseUrl: options.baseUrl });
  }

  open(options: TtsOptions, signal: AbortSignal): TtsSession {
    const { apiKey, logger = SILENT_LOGGER, random = Math.random, handshakeTimeoutMs = 4_000, gapTimeoutMs = 2_000 } = this.options;
    const { patienceMs = 10_000 } = this.options;
    const modelId = this.#modelFor(options.language) ?? this.options.modelId;
    const traits = modelTraits(modelId);
    const firstAudioTimeoutMs = this.options.firstAudioTimeoutMs ?? traits.firstAudioTimeoutMs;
    const voice = {
      voiceId: options.voiceId ?? this.options.voiceId,
      modelId,
      traits,
      languageCode: traits.takesLanguage ? languageFor(modelId, options.language) : undefined,
      vendorRateHz: outputRate(options.sampleRateHz),
      wantedRateHz: options.sampleRateHz,
      voiceSettings: this.options.voiceSettings ?? VOICE_SETTINGS,
      timing: { firstAudioTimeoutMs, gapTimeoutMs, patienceMs: patienceMs + firstAudioTimeoutMs },
    };
    const url = traits.worksOnSocket && !this.options.httpOnly ? this.#socketUrl(voice) : undefined;
    return new ElevenLabsSession({ socketUrl: url, apiKey, handshakeTimeoutMs, http: this.#http, voice, logger, random }, signal);
  }

  speaks(language: string): boolean {
    return this.#modelFor(language) !== undefined;
  }

  /**
   * Loads the SDK that `voices` and speech over HTTP need. It should be awaited before the process serves requests, because loading the SDK
   * blocks the event loop for seconds and would otherwise happen during the first conversation that needs it.
   */
  prepare(): Promise<void> {
    return this.#http.prepare();
  }

  voices(signal: AbortSignal): Promise<Voice[]> {
    return this.#http.voices(signal);
  }

  #modelFor(language: string | undefined): string | undefined {
    const { modelId, furtherModelIds = [] } = this.options;
    return [modelId, ...furtherModelIds].find((id) => speaksLanguage(id, language));
  }

  #socketUrl(voice: { voiceId: string; modelId: string; languageCode: string | undefined; vendorRateHz: number }): string {
    return socketUrl(this.options.baseUrl, `/v1/text-to-speech/${encodeURIComponent(voice.voiceId)}/multi-stream-input`, {
      model_id: voice.modelId,
      language_code: voice.languageCode,
      output_format: `pcm_${voice.vendorRateHz}`,
      auto_mode: true,
      sync_alignment: true,
      inactivity_timeout: SOCKET_IDLE_S,
    });
  }
}
