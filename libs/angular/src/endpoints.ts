import { type EnvironmentProviders, InjectionToken, makeEnvironmentProviders } from '@angular/core';
import type { WorkletUrls } from '@parley/client';

/** Where the server and the audio modules are. The page knows: its address, its build and its proxy decide. */
export interface Endpoints {
  /** Absolute address of the conversation socket, `ws:` or `wss:`. */
  readonly socketUrl: string;
  /** Address of what the server offers, absolute or relative to the page. */
  readonly configUrl: string;
  /** Address at which session tokens are issued. Left out: `session-tokens` beside `configUrl`. */
  readonly sessionTokensUrl?: string;
  readonly worklets: WorkletUrls;
}

export const ENDPOINTS = new InjectionToken<Endpoints>('ENDPOINTS');

/** For the application's configuration. `endpoints` is asked once, when the first service needs it. */
export function provideEndpoints(endpoints: () => Endpoints): EnvironmentProviders {
  return makeEnvironmentProviders([{ provide: ENDPOINTS, useFactory: endpoints }]);
}
