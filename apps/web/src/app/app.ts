import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';
import { DemoPill, ServerConfig, providerRows } from '@parley/angular/server';

/** The frame around every page: the product's name, whether it is only a demonstration, and the router's outlet. */
@Component({
  selector: 'app-root',
  imports: [DemoPill, RouterLink, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header class="site">
      <a routerLink="/assistant" class="brand">Parley</a>
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
