import type { Attack } from './attack';
import { FLOODS_AND_STORMS } from './flood-attacks';
import { FUZZ } from './fuzz-attack';
import { STALLED_READERS } from './stalled-readers';
import { IDLE_AND_HALF_SENT, REFUSED_AND_RESET, SLOW_LORIS } from './upgrade-attacks';

/** All attacks of the suite, in the order in which they are made. */
export const ATTACKS: readonly Attack[] = [FUZZ, SLOW_LORIS, REFUSED_AND_RESET, IDLE_AND_HALF_SENT, ...FLOODS_AND_STORMS, STALLED_READERS];
