import { join } from 'node:path';
import type { RuntimePaths } from '../config/runtime-paths';

const ROOT = join(__dirname, '../../../..');

/** Paths in the source tree, where there are the recorded sentences but neither a built page nor speech processes. For the weights see below. */
export const TEST_PATHS: RuntimePaths = {
  webRoot: join(ROOT, 'libs/server/there-is-no-page-here'),
  assets: join(ROOT, 'libs/server/assets'),
  speechChildren: join(ROOT, 'libs/server/there-are-no-children-here'),
};

/** The weights of the voice activity detector. Only a build copies them to the other assets. */
export const DETECTOR_WEIGHTS = join(ROOT, 'libs/audio/assets/silero-vad-v6-16k.bin');
