import { type EnvironmentProviders, inject, InjectionToken, makeEnvironmentProviders } from '@angular/core';
import { requestSessionToken, type SessionTokenSource } from '@parley/client/access';
import type { SessionTokenPurpose } from '@parley/protocol';
import { ENDPOINTS } from '../endpoints';
import { CONFIG_TIMEOUT_MS } from './fetch-config';
import { ServerConfig } from './server-config';

/** Where the page's services get session tokens. By default there are none. */
export const SESSION_TOKENS = new InjectionToken<SessionTokenSource>('SESSION_TOKENS', {
  providedIn: 'root',
  factory: () => () => undefined,
});

/**
 * For the application's configuration. Without an argument, tokens come from the server of the page, where that needs any. An application whose own
 * server hands them out gives its own source.
 */
export function provideSessionTokens(source?: SessionTokenSource): EnvironmentProviders {
  return makeEnvironmentProviders([{ provide: SESSION_TOKENS, ...(source ? { useValue: source } : { useFactory: tokensOfTheServer }) }]);
}

function tokensOfTheServer(): SessionTokenSource {
  const server = inject(ServerConfig);
  const { configUrl, sessionTokensUrl = configUrl.replace(/\/config$/, '/session-tokens') } = inject(ENDPOINTS);
  /** Undefined while the server has not said it. */
  const areNeeded = (): boolean | undefined => {
    const config = server.config();
    return config && config.session_token === true;
  };
  const request = async (purpose: SessionTokenPurpose, leaving?: AbortSignal): Promise<string | undefined> => {
    await server.known(CONFIG_TIMEOUT_MS);
    // A server that has still not said it is asked for one, and says it then.
    return areNeeded() === false ? undefined : await requestSessionToken(sessionTokensUrl, purpose, leaving);
  };
  return (purpose, leaving) => (areNeeded() === false ? undefined : request(purpose, leaving));
}
