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
  /** Left out, the agent is a public one and is connected to by its id. */
  apiKey?: string;
  /** Origin: http, https, ws or wss. */
  baseUrl: string;
  agentId: string;
  /** True when `baseUrl` is the built-in simulator. */
  simulated: boolean;
  /** What the agent's security settings let a conversation override; the vendor refuses conversations that override anything else. */
  overridable: Iterable<VoiceAgentOverride>;
  /** Addresses that are signed ahead once `startWarming` was called, default 0. */
  warmSessions?: number;
  logger?: ProviderLogger;
  /** Bound of signing an address, and of opening the socket until the agent listens, default 5 000 each. */
  handshakeTimeoutMs?: number;
  /** A socket on which nothing comes for twice as long is taken for dead, default 15 000. */
  heartbeatMs?: number;
  /** Age at which an address signed ahead is thrown away, default 10 minutes; the vendor takes them for 15. */
  warmForMs?: number;
  /** Spreads retries, 0..1; default `Math.random`. */
  random?: () => number;
}

const HANDSHAKE_TIMEOUT_MS = 5_000;
const HEARTBEAT_MS = 15_000;
const WARM_FOR_MS = 600_000;

/**
 * An ElevenLabs agent over its WebSocket. A private agent's key stays here: each conversation is started at an address signed for it.
 * Sessions are closed by whoever opened them, the agent by its owner.
 */
export class ElevenLabsVoiceAgent implements VoiceAgent {
  readonly info: ProviderInfo;
  readonly overridable: ReadonlySet<VoiceAgentOverride>;
  readonly #pool: SignedUrlPool;
  readonly #handshakeTimeoutMs: number;

  /** Throws when `baseUrl` or `apiKey` cannot be used at all. */
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
        // Signed ahead, it may have been too old in spite of its age, or used up: a fresh one tells.
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
