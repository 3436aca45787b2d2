import type { SarvamCounters, Tally } from '../counters';
import type { SarvamFault } from '../faults/fault';
import type { DrawDelay } from '../latency';
import type { Recogniser } from '../speech/ports';

/** What a Sarvam session needs. Owned by the simulator. */
export interface SarvamSessionDeps {
  requestId: string;
  recogniser: Recogniser;
  delay: DrawDelay;
  tally: Tally<SarvamCounters>;
  /** This many of the last recognised words are left out of partials. */
  withheldWords: number;
  /** The fault for the utterance that begins now. */
  drawFault(): SarvamFault | undefined;
  /** Without a message for this long the vendor ends the connection. */
  idleMs: number;
}
