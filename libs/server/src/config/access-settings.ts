import { type ClientChoice, clientChoices } from './client-choices';
import type { CheckedEnvironment } from './environment-for';
import { parseProxies, type Proxies } from './proxies';

/** Who may use the server, and what a client may choose. */
export interface AccessSettings {
  proxies: Proxies;
  sessionTokens: {
    /** What tokens are signed with; undefined where none are needed. */
    secret: string | undefined;
    /** How long a token can be used. */
    ttlS: number;
    /** What a request for a token must carry; undefined where the pages of allowed origins get them. */
    issuerToken: string | undefined;
    /** Address of Redis, in which servers share which tokens were used; undefined where a server works alone. */
    redisUrl: string | undefined;
  };
  clientMayChoose: ReadonlySet<ClientChoice>;
  /** What a request for the metrics must carry; undefined where anybody may read them. */
  metricsToken: string | undefined;
  /** The port of the operators' endpoints; undefined where they are on the server's own. */
  operationsPort: number | undefined;
  isProduction: boolean;
}

export function accessSettingsFrom(environment: CheckedEnvironment): AccessSettings {
  const isProduction = environment.NODE_ENV === 'production';
  return {
    proxies: parseProxies(environment.TRUST_PROXY) ?? { hops: 0 },
    sessionTokens: {
      secret: environment.SESSION_TOKEN_SECRET,
      ttlS: environment.SESSION_TOKEN_TTL_S,
      issuerToken: environment.SESSION_TOKEN_ISSUER_TOKEN,
      redisUrl: environment.REDIS_URL,
    },
    clientMayChoose: clientChoices(environment.CLIENT_MAY_CHOOSE, isProduction),
    metricsToken: environment.METRICS_TOKEN,
    operationsPort: environment.OPERATIONS_PORT,
    isProduction,
  };
}
