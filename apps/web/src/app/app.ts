import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';

/** The frame around every page: the product's name and the router's outlet. */
@Component({
  selector: 'app-root',
  imports: [RouterLink, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header class="site">
      <a routerLink="/assistant" class="brand">Parley</a>
    </header>
    <main class="column">
      <router-outlet />
    </main>
  `,
})
export class App {}
