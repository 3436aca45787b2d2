import { InjectionToken } from '@angular/core';

/** Loads the page anew; to be replaced where there is no browser that could. */
export const PAGE_RELOAD = new InjectionToken<() => void>('PAGE_RELOAD', { factory: () => () => location.reload() });
