import type { ProviderInfo } from '../ports/provider-info';
import type { SpeechToText, SttOptions, SttSession } from '../ports/speech-to-text';
import { SILENT_LOGGER, type ProviderLogger } from '../ports/provider-logger';
import { assertUsableEndpoint } from '../socket/usable-endpoint';
import { legacyDialect } from './legacy-dialect';
import { realtimeDialect } from './realtime-dialect';
import { SarvamConnection, type SarvamConnectionListener } from './sarvam-connection';
import type { SarvamDialect } from './sarvam-dialect';
import { SARVAM } from './sarvam-errors';
import { SarvamSession } from './sarvam-session';

export interface SarvamSpeechToTextOptions {
  apiKey: string;
  /** Origin: http, https, ws or wss. */
  baseUrl: string;
  /** The model for the realtime socket. */
  model?: string;
  /** The model for the legacy socket. */
  legacyModel?: string;
  /** Use the legacy socket from the start. */
  legacyOnly?: boolean;
  /** True when `baseUrl` is the built-in simulator. */
  simulated: boolean;
  logger?: ProviderLogger;
  /** Limit for connecting in milliseconds, default 4 000. */
  handshakeTimeoutMs?: number;
  /**
   * Limit from `end()` of an utterance to its final in milliseconds, default 2 500. Audio that was sent all at once is allowed more time.
   */
  finalTimeoutMs?: number;
  /** Random numbers from 0 to 1 that spread reconnects over time, default `Math.random`. */
  random?: () => number;
}

/**
 * Sarvam's streaming recogniser. It uses the realtime socket, which sends partial transcripts. An account that may not use it is moved to
 * the legacy socket, which sends only finals; this instance remembers that for later sessions. Each session is closed by whoever opened it.
 */
export class SarvamSpeechToText implements SpeechToText {
  readonly info: ProviderInfo;
  readonly #legacy: SarvamDialect;
  #dialect: SarvamDialect;

  /** Throws if `baseUrl` or `apiKey` can never work. */
  constructor(private readonly options: SarvamSpeechToTextOptions) {
    assertUsableEndpoint(options.baseUrl, options.apiKey);
    this.info = { name: SARVAM, simulated: options.simulated };
    this.#legacy = legacyDialect(options.legacyModel ?? 'saaras:v3');
    this.#dialect = options.legacyOnly ? this.#legacy : realtimeDialect(options.model ?? 'saaras:v3-realtime');
  }

  open(options: SttOptions, signal: AbortSignal): SttSession {
    let dialect = this.#dialect;
    const connect = (listener: SarvamConnectionListener) => {
      dialect = this.#dialect;
      return this.#connect(dialect, options.language, listener);
    };
    const { logger = SILENT_LOGGER, random = Math.random } = this.options;
    return new SarvamSession({ connect, fallBack: () => this.#fallBack(dialect, logger), logger, random }, signal);
  }

  #connect(dialect: SarvamDialect, language: string | undefined, listener: SarvamConnectionListener): SarvamConnection {
    const { apiKey, baseUrl, handshakeTimeoutMs = 4_000, finalTimeoutMs = 2_500 } = this.options;
    const url = dialect.url(baseUrl, language);
    return new SarvamConnection({ dialect, url, apiKey, handshakeTimeoutMs, finalTimeoutMs }, listener);
  }

  #fallBack(from: SarvamDialect, logger: ProviderLogger): boolean {
    if (from === this.#legacy) return false;
    if (this.#dialect !== this.#legacy) logger.warn('realtime speech-to-text is not open to this account, using the legacy socket', {});
    this.#dialect = this.#legacy;
    return true;
  }
}
