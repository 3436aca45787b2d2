import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { provideEndpoints } from '@parley/angular/server';
import { TEST_ENDPOINTS } from '@parley/angular/testing';
import { installBrowserFakes, settled } from '@parley/client/testing';
import { App } from './app';
import { routes } from './app.routes';

describe('App', () => {
  it.each(['/', '/assistant', '/no-such-page'])('shows the assistant at %s', async (address) => {
    const fakes = installBrowserFakes();
    TestBed.configureTestingModule({ providers: [provideRouter(routes), provideEndpoints(() => TEST_ENDPOINTS)] });
    const fixture = TestBed.createComponent(App);
    const router = TestBed.inject(Router);
    await router.navigateByUrl(address);
    await settled();
    await fixture.whenStable();
    expect(router.url).toBe('/assistant');
    expect((fixture.nativeElement as HTMLElement).querySelector('app-assistant-page [data-testid=start]')).not.toBeNull();
    expect((fixture.nativeElement as HTMLElement).querySelector('header [data-testid=demo]')?.textContent).toContain(
      'speech recognition, voice',
    );
    TestBed.resetTestingModule();
    fakes.restore();
  });
});
