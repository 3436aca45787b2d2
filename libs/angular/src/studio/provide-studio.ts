import { inject, type Provider } from '@angular/core';
import { EpisodeApi } from '@parley/client/narration';
import { SESSION_TOKENS } from '../server/session-tokens';
import { EpisodeSound } from './episode-sound';
import { LiveTyping } from './live-typing';
import { OpenEpisode } from './open-episode';
import { StudioAudio } from './studio-audio';
import { StudioDraft } from './studio-draft';
import { StudioLibrary } from './studio-library';
import { StudioNotices } from './studio-notices';
import { StudioOffer } from './studio-offer';
import { STUDIO_SETTINGS, type StudioSettings } from './studio-settings';
import { VoicePreview } from './voice-preview';

/**
 * The studio with all that it uses, for the component that shows it: made with the page, and released when the visitor leaves it. `settings` is
 * asked once.
 */
export function provideStudio(settings: () => StudioSettings): Provider[] {
  return [
    { provide: STUDIO_SETTINGS, useFactory: settings },
    { provide: EpisodeApi, useFactory: () => new EpisodeApi(inject(STUDIO_SETTINGS).apiUrl, inject(SESSION_TOKENS)) },
    StudioNotices,
    StudioOffer,
    StudioAudio,
    StudioDraft,
    VoicePreview,
    EpisodeSound,
    OpenEpisode,
    StudioLibrary,
    LiveTyping,
  ];
}
