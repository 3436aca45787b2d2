import { type ApplicationConfig, provideBrowserGlobalErrorListeners, provideZonelessChangeDetection } from '@angular/core';
import { provideRouter } from '@angular/router';
import { provideEndpoints, provideSessionTokens } from '@parley/angular/server';
import { routes } from './app.routes';
import { socketUrl } from './socket-url';
import { captureWorkletUrl, playbackWorkletUrl } from './worklet-url';

/** What the page is bootstrapped with: zoneless change detection, the router, and the addresses of the server and the audio modules. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideRouter(routes),
    provideEndpoints(() => ({
      socketUrl: socketUrl(location.href),
      configUrl: '/api/config',
      worklets: { capture: captureWorkletUrl(), playback: playbackWorkletUrl() },
    })),
    provideSessionTokens(),
  ],
};
