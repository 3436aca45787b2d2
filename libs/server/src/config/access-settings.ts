import type { CheckedEnvironment } from './environment-for';
import { parseProxies, type Proxies } from './proxies';

/** Who may use the server, and what a client may choose. */
export interface AccessSettings {
  proxies: Proxies;
}

export const accessSettingsFrom = (environment: CheckedEnvironment): AccessSettings => ({
  proxies: parseProxies(environment.TRUST_PROXY) ?? { hops: 0 },
});
