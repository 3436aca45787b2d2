import { ELEVEN_LABS } from '../elevenlabs/eleven-labs-errors';
import { ProviderError } from '../ports/provider-error';
import type { ProviderInfo } from '../ports/provider-info';
import type {
  VoiceAgent,
  VoiceAgentListener,
  VoiceAgentOptions,
  VoiceAgentOverride,
  VoiceAgentSession,
  WarmSessions,
} from '../ports/voice-agent';
import { SILENT_LOGGER, type ProviderLogger } from '../ports/provider-logger';
import { socketUrl } from '../socket/socket-url';
import { assertUsableEndpoint } from '../socket/usable-endpoint';
import { AgentConnection } from './agent-connection';
import { initiationData } from './initiation';
import { fetchSignedUrl } from './signed-url';
import { SignedUrlPool, type TakenUrl } from './signed-url-pool';

export interface ElevenLabsVoiceAgentOptions {
  /** If it is left out, the agent is public and is reached by its agent id. */
  apiKey?: string;
  /** Origin: http, https, ws or wss. */
  baseUrl: string;
  agentId: string;
  /** True when `baseUrl` is the built-in simulator. */
  simulated: boolean;
  /** The overrides that the security settings of the agent allow. The vendor refuses a conversation that overrides anything else. */
  overridable: Iterable<VoiceAgentOverride>;
  /** Number of addresses to sign in advance after `startWarming` was called, default 0. */
  warmSessions?: number;
  logger?: ProviderLogger;
  /** Limit for signing an address, and for opening the socket until the conversation has begun, in milliseconds, default 5 000 each. */
  handshakeTimeoutMs?: number;
  /** Interval of heartbeats in milliseconds, default 15 000. A socket that receives nothing for twice as long counts as dead. */
  heartbeatMs?: number;
  /** Age in milliseconds at which a pre-signed address is discarded, default 10 minutes. The vendor accepts it for 15 minutes. */
  warmForMs?: number;
  /** Random numbers from 0 to 1 that spread retries over time, default `Math.random`. */
  random?: () => number;
}

const HANDSHAKE_TIMEOUT_MS = 5_000;
const HEARTBEAT_MS = 15_000;
const WARM_FOR_MS = 600_000;

/**
 * An ElevenLabs agent over its WebSocket. The API key of a private agent never leaves the server: each conversation starts at a signed
 * address.
 * Sessions are closed by whoever opened them, the agent by its owner.
 */
export class ElevenLabsVoiceAgent implements VoiceAgent {
  readonly info: ProviderInfo;
  readonly overridable: ReadonlySet<VoiceAgentOverride>;
  readonly #pool: SignedUrlPool;
  readonly #handshakeTimeoutMs: number;

  /** Throws if `baseUrl` or `apiKey` can never work. */
  constructor(private readonly options: ElevenLabsVoiceAgentOptions) {
    const { baseUrl, apiKey = '', agentId, warmSessions = 0, warmForMs = WARM_FOR_MS } = options;
    assertUsableEndpoint(baseUrl, apiKey);
    this.info = { name: ELEVEN_LABS, simulated: options.simulated };
    this.overridable = new Set(options.overridable);
    this.#handshakeTimeoutMs = options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
    this.#pool = new SignedUrlPool({
      size: warmSessions,
      maxAgeMs: warmForMs,
      fetch: (signal) => fetchSignedUrl({ baseUrl, agentId, apiKey, timeoutMs: this.#handshakeTimeoutMs }, signal),
      random: options.random ?? Math.random,
      logger: options.logger ?? SILENT_LOGGER,
    });
  }

  get warm(): WarmSessions {
    return this.#pool.counts;
  }

  startWarming(): void {
    if (this.options.apiKey !== undefined) this.#pool.start();
  }

  close(): void {
    this.#pool.close();
  }

  async open(options: VoiceAgentOptions, listener: VoiceAgentListener, signal: AbortSignal): Promise<VoiceAgentSession | undefined> {
    try {
      const address = await this.#address(signal);
      try {
        return await this.#connect(address.url, options, listener, signal);
      } catch (error) {
        // A pre-signed address may have been refused because it expired or was used. A fresh one shows whether the key itself is refused.
        if (signal.aborted || !address.wasReady || !(error instanceof ProviderError) || error.code !== 'auth') throw error;
        return await this.#connect(await this.#sign(signal), options, listener, signal);
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async #connect(
    url: string,
    { overrides, outputSampleRateHz }: VoiceAgentOptions,
    listener: VoiceAgentListener,
    signal: AbortSignal,
  ): Promise<VoiceAgentSession | undefined> {
    if (signal.aborted) return undefined;
    const initiation = initiationData(overrides, this.overridable);
    const { heartbeatMs = HEARTBEAT_MS } = this.options;
    const connection = new AgentConnection(
      { url, initiation, outputSampleRateHz, handshakeTimeoutMs: this.#handshakeTimeoutMs, heartbeatMs },
      listener,
      signal,
    );
    await connection.ready;
    return signal.aborted ? undefined : connection;
  }

  async #address(signal: AbortSignal): Promise<TakenUrl> {
    const { apiKey, baseUrl, agentId } = this.options;
    if (apiKey !== undefined) return this.#pool.take(signal);
    return { url: socketUrl(baseUrl, '/v1/convai/conversation', { agent_id: agentId }), wasReady: false };
  }

  #sign(signal: AbortSignal): Promise<string> {
    const { apiKey = '', baseUrl, agentId } = this.options;
    return fetchSignedUrl({ baseUrl, agentId, apiKey, timeoutMs: this.#handshakeTimeoutMs }, signal);
  }
}
