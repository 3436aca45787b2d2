import type * as Sdk from 'livekit-server-sdk';
import type { AgentDispatchClient, EgressClient, IngressClient, RoomServiceClient } from 'livekit-server-sdk';
import { toControlError } from './room-control-error';

export type MediaServerSdk = typeof Sdk;

export interface MediaServerOptions {
  /** `ws:`, `wss:`, `http:` or `https:`. */
  url: string;
  apiKey: string;
  apiSecret: string;
  /** Told after each request whether the media server answered. */
  onAnswer?: (reachable: boolean) => void;
  /** For specs. */
  timeoutMs?: number;
}

/** Requests about rooms take some milliseconds. */
const TIMEOUT_MS = 3_000;
const HEALTH_TIMEOUT_MS = 1_000;
/** The service that records has to start first. The client itself gives up then. */
const RECORDING_TIMEOUT_S = 10;

/** The clients of one LiveKit server. Each request is bounded in time, is made once, and rejects with `RoomControlError`. */
export class MediaServer {
  private readonly httpUrl: string;
  private readonly rooms: RoomServiceClient;
  private readonly dispatches: AgentDispatchClient;
  private readonly egress: EgressClient;
  private readonly ingress: IngressClient;

  private constructor(
    readonly sdk: MediaServerSdk,
    private readonly options: MediaServerOptions,
  ) {
    const { url, apiKey, apiSecret, timeoutMs = TIMEOUT_MS } = options;
    this.httpUrl = url.replace(/^ws/i, 'http').replace(/\/$/, '');
    const brief = { requestTimeout: timeoutMs / 1_000, failover: false };
    this.rooms = new sdk.RoomServiceClient(this.httpUrl, apiKey, apiSecret, brief);
    this.dispatches = new sdk.AgentDispatchClient(this.httpUrl, apiKey, apiSecret, brief);
    this.egress = new sdk.EgressClient(this.httpUrl, apiKey, apiSecret, { requestTimeout: RECORDING_TIMEOUT_S, failover: false });
    this.ingress = new sdk.IngressClient(this.httpUrl, apiKey, apiSecret, brief);
  }

  /** Loads the packages of LiveKit, which nobody needs who has no rooms. Connects to nothing. */
  static async load(options: MediaServerOptions): Promise<MediaServer> {
    return new MediaServer(await import('livekit-server-sdk'), options);
  }

  get credentials(): Pick<MediaServerOptions, 'apiKey' | 'apiSecret'> {
    return this.options;
  }

  onRooms<Result>(request: string, ask: (client: RoomServiceClient) => Promise<Result>): Promise<Result> {
    return this.ask(request, () => ask(this.rooms));
  }

  onDispatches<Result>(request: string, ask: (client: AgentDispatchClient) => Promise<Result>): Promise<Result> {
    return this.ask(request, () => ask(this.dispatches));
  }

  onEgress<Result>(request: string, ask: (client: EgressClient) => Promise<Result>): Promise<Result> {
    return this.ask(request, () => ask(this.egress));
  }

  onIngress<Result>(request: string, ask: (client: IngressClient) => Promise<Result>): Promise<Result> {
    return this.ask(request, () => ask(this.ingress));
  }

  /** Whether it answers within a second. Never rejects. */
  async isReachable(): Promise<boolean> {
    const reachable = await fetch(this.httpUrl, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
    this.options.onAnswer?.(reachable);
    return reachable;
  }

  private async ask<Result>(request: string, ask: () => Promise<Result>): Promise<Result> {
    try {
      const result = await ask();
      this.options.onAnswer?.(true);
      return result;
    } catch (error) {
      const failure = toControlError(request, error);
      this.options.onAnswer?.(failure.kind !== 'unreachable');
      throw failure;
    }
  }
}
