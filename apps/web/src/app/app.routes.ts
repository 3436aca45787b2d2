import { type Routes } from '@angular/router';
import { matchRooms } from './rooms/match-rooms';

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
  {
    matcher: matchRooms,
    title: 'Rooms · Parley',
    loadComponent: () => import('./rooms/rooms-page').then((module) => module.RoomsPage),
  },
  { path: '', pathMatch: 'full', redirectTo: 'assistant' },
  { path: '**', redirectTo: 'assistant' },
];
