import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { DemoPill, ServerConfig, providerRows } from '@parley/angular/server';

/** The frame around every page: the product's name, the way to the other pages, whether it is only a demonstration, and the router's outlet. */
@Component({
  selector: 'app-root',
  imports: [DemoPill, RouterLink, RouterLinkActive, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header class="site">
      <a routerLink="/assistant" class="brand">Parley</a>
      <nav class="pages" aria-label="Pages">
        <a routerLink="/assistant" routerLinkActive="current" ariaCurrentWhenActive="page">Assistant</a>
        <a routerLink="/studio" routerLinkActive="current" ariaCurrentWhenActive="page">Studio</a>
        <a routerLink="/rooms" routerLinkActive="current" ariaCurrentWhenActive="page">Rooms</a>
      </nav>
      <parley-demo-pill [providers]="providers()" />
    </header>
    <main class="column">
      <router-outlet />
    </main>
  `,
})
export class App {
  private readonly server = inject(ServerConfig);
  protected readonly providers = computed(() => providerRows(this.server.config(), undefined));
}
