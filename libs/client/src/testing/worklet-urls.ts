import type { WorkletUrls } from '../audio/audio-modules';

/** The addresses of the worklet modules in tests. */
export const WORKLET_URLS: WorkletUrls = { capture: 'capture.js', playback: 'playback.js' };
