import { type Routes } from '@angular/router';

/** One lazy route per feature. */
export const routes: Routes = [
  {
    path: 'assistant',
    title: 'Parley',
    loadComponent: () => import('./assistant/assistant-page').then((module) => module.AssistantPage),
  },
  {
    path: 'studio',
    title: 'Studio · Parley',
    loadComponent: () => import('./studio/studio-page').then((module) => module.StudioPage),
  },
  { path: '', pathMatch: 'full', redirectTo: 'assistant' },
  { path: '**', redirectTo: 'assistant' },
];
