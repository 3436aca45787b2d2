import { join } from 'node:path';
import type { RuntimePaths } from '../config/runtime-paths';

const ROOT = join(__dirname, '../../../..');

/** The source tree's folders: no built page, and the recorded sentences. The detector's weights lie elsewhere: see `DETECTOR_WEIGHTS`. */
export const TEST_PATHS: RuntimePaths = {
  webRoot: join(ROOT, 'apps/api/there-is-no-page-here'),
  assets: join(ROOT, 'apps/api/assets'),
  speechChildren: join(ROOT, 'apps/api/there-are-no-children-here'),
};

/** The voice activity weights; a build puts them beside the recorded sentences. */
export const DETECTOR_WEIGHTS = join(ROOT, 'libs/audio/assets/silero-vad-v6-16k.bin');
