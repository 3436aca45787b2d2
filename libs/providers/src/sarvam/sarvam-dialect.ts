import type { SarvamFault } from './sarvam-errors';
import type { UtteranceSequence } from './utterance-sequence';

/** What either of Sarvam's sockets says, in one vocabulary. */
export type SarvamEvent =
  | { type: 'ready' }
  | { type: 'partial'; index: number; text: string }
  | { type: 'final'; index: number; text: string }
  /** The vendor's own voice activity; only the legacy socket's is used. */
  | { type: 'speech'; started: boolean }
  | { type: 'fault'; fault: SarvamFault; isFatal: boolean }
  | { type: 'ignored' }
  | { type: 'garbage' };

/** The differences between the realtime and the legacy socket. Stateless: one per recogniser. */
export interface SarvamDialect {
  readonly name: 'realtime' | 'legacy';
  /** False where the connection may be used as soon as it is open. */
  readonly announcesReady: boolean;
  /** False where nothing tells one utterance's results from the next one's: only one is on the wire then, and a discarded one costs the connection. */
  readonly tellsUtterancesApart: boolean;
  /** The connection is kept alive by a message when none went out for this long. */
  readonly keepAliveMs: number;
  url(baseUrl: string, language: string | undefined): string;
  beginUtterance(): object | undefined;
  audio(pcm: Int16Array): object;
  endUtterance(): object;
  keepAlive(): object;
  /** Sent before a polite close. */
  goodbye(): object | undefined;
  decode(text: string): SarvamEvent;
  /** Bookkeeping of who a result belongs to; one per connection. */
  createSequence<U extends object>(): UtteranceSequence<U>;
}
