import type { SarvamCounters, Tally } from '../counters';
import type { SarvamFault } from '../faults/fault';
import type { DrawDelay } from '../latency';
import type { Recogniser } from '../speech/ports';

/** What a Sarvam session works with. Owned by the simulator. */
export interface SarvamSessionDeps {
  requestId: string;
  recogniser: Recogniser;
  delay: DrawDelay;
  tally: Tally<SarvamCounters>;
  /** So many of the last words known are not in a partial. */
  withheldWords: number;
  /** The fault for the utterance that begins now. */
  drawFault(): SarvamFault | undefined;
  /** Without a message for this long the vendor ends the connection. */
  idleMs: number;
}
