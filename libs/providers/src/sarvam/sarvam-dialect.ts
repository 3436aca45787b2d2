import type { SarvamFault } from './sarvam-errors';
import type { UtteranceSequence } from './utterance-sequence';

/** The decoded messages of both of Sarvam's sockets in one form. */
export type SarvamEvent =
  | { type: 'ready' }
  | { type: 'partial'; index: number; text: string }
  | { type: 'final'; index: number; text: string }
  /** A signal of the vendor's voice activity detection. Only that of the legacy socket is used. */
  | { type: 'speech'; started: boolean }
  | { type: 'fault'; fault: SarvamFault; isFatal: boolean }
  | { type: 'ignored' }
  | { type: 'garbage' };

/** The differences between the realtime and the legacy socket. Stateless; one instance for each recogniser. */
export interface SarvamDialect {
  readonly name: 'realtime' | 'legacy';
  /** False if the connection may be used as soon as it is open. */
  readonly announcesReady: boolean;
  /**
   * False if the results of one utterance cannot be distinguished from those of the next. Only one utterance at a time is sent then, and
   * discarding one means closing the connection.
   */
  readonly tellsUtterancesApart: boolean;
  /** A keep-alive message is sent if no message was sent for this many milliseconds. */
  readonly keepAliveMs: number;
  url(baseUrl: string, language: string | undefined): string;
  beginUtterance(): object | undefined;
  audio(pcm: Int16Array): object;
  endUtterance(): object;
  keepAlive(): object;
  /** The message that is sent before a normal close. */
  goodbye(): object | undefined;
  decode(text: string): SarvamEvent;
  /** Creates the object that assigns results to utterances; one for each connection. */
  createSequence<U extends object>(): UtteranceSequence<U>;
}
