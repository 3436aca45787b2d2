import type { WorkletUrls } from '../audio/audio-modules';

/** Where the worklet modules are in the specs. */
export const WORKLET_URLS: WorkletUrls = { capture: 'capture.js', playback: 'playback.js' };
