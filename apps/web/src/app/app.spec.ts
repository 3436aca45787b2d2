import { TestBed } from '@angular/core/testing';
import { NavigationEnd, Router, provideRouter } from '@angular/router';
import { provideEndpoints } from '@parley/angular/server';
import { FakeStudioServer, TEST_ENDPOINTS } from '@parley/angular/testing';
import { installBrowserFakes, publicConfig, settled } from '@parley/client/testing';
import { filter, firstValueFrom } from 'rxjs';
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

  it('leads from the assistant to the studio and the rooms, and back', async () => {
    const server = new FakeStudioServer();
    TestBed.configureTestingModule({ providers: [provideRouter(routes), provideEndpoints(() => TEST_ENDPOINTS)] });
    const fixture = TestBed.createComponent(App);
    const page = fixture.nativeElement as HTMLElement;
    const router = TestBed.inject(Router);
    await router.navigateByUrl('/assistant');
    await fixture.whenStable();
    for (const [name, address, component] of [
      ['Studio', '/studio', 'app-studio-page'],
      ['Rooms', '/rooms', 'app-rooms-page'],
      ['Assistant', '/assistant', 'app-assistant-page'],
    ] as const) {
      const arrived = firstValueFrom(router.events.pipe(filter((event) => event instanceof NavigationEnd)));
      [...page.querySelectorAll<HTMLElement>('nav a')].find(({ textContent }) => textContent === name)?.click();
      await arrived;
      await fixture.whenStable();
      expect([router.url, page.querySelector(component) !== null]).toEqual([address, true]);
      expect(page.querySelector('nav [aria-current=page]')?.textContent).toBe(name);
    }
    TestBed.resetTestingModule();
    server.restore();
  });

  it.each([
    ['/rooms/blue-room', 'blue-room'],
    ['/rooms?room=blue-room', 'blue-room'],
    ['/rooms', ''],
  ])('shows the lobby of the room that %s leads to', async (address, room) => {
    const fakes = installBrowserFakes();
    fakes.config = Object.assign(publicConfig(), { rooms: { available: true, assistant_name: 'Parley', recording: false, open: true } });
    TestBed.configureTestingModule({ providers: [provideRouter(routes), provideEndpoints(() => TEST_ENDPOINTS)] });
    const fixture = TestBed.createComponent(App);
    await TestBed.inject(Router).navigateByUrl(address);
    await settled();
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).querySelector<HTMLInputElement>('[data-testid=room]')?.value).toBe(room);
    TestBed.resetTestingModule();
    fakes.restore();
  });

  it('shows no room below a room', async () => {
    const fakes = installBrowserFakes();
    TestBed.configureTestingModule({ providers: [provideRouter(routes), provideEndpoints(() => TEST_ENDPOINTS)] });
    TestBed.createComponent(App);
    const router = TestBed.inject(Router);
    await router.navigateByUrl('/rooms/blue-room/more');
    expect(router.url).toBe('/assistant');
    TestBed.resetTestingModule();
    fakes.restore();
  });
});
