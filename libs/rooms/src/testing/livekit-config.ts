export interface LiveKitPorts {
  /** TCP: API and signalling. */
  readonly http: number;
  /** UDP: media of all rooms. */
  readonly media: number;
}

export interface LiveKitConfig {
  readonly ports: LiveKitPorts;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Where the server posts its webhooks. */
  readonly webhookUrls?: readonly string[];
  /** Address of Redis, `host:port`: servers with the same one are nodes of one cluster. */
  readonly redisAddress?: string;
  /** For how long a room outlives its last person. Left out: 10 s. */
  readonly departureTimeoutSeconds?: number;
}

/**
 * The configuration file of a server that can be reached from this machine only. It is JSON, which is also YAML.
 * `tcp_port` has to stay 0: that listener ignores `bind_addresses` and takes connections from everywhere.
 */
export function liveKitConfigText(config: LiveKitConfig): string {
  const { ports, apiKey, apiSecret, webhookUrls = [], redisAddress, departureTimeoutSeconds = 10 } = config;
  return JSON.stringify(
    {
      port: ports.http,
      bind_addresses: ['127.0.0.1'],
      rtc: {
        udp_port: ports.media,
        tcp_port: 0,
        use_external_ip: false,
        node_ip: '127.0.0.1',
        enable_loopback_candidate: true,
        interfaces: { includes: ['lo'] },
        // Nothing answers there. Without an entry, clients are told to ask servers on the internet for their address.
        stun_servers: ['127.0.0.1:9'],
      },
      keys: { [apiKey]: apiSecret },
      room: { auto_create: true, empty_timeout: 60, departure_timeout: departureTimeoutSeconds },
      ...(webhookUrls.length > 0 && { webhook: { api_key: apiKey, urls: webhookUrls } }),
      ...(redisAddress !== undefined && { redis: { address: redisAddress } }),
    },
    null,
    2,
  );
}
