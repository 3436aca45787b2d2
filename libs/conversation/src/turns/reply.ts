import { newSpoken, type Spoken } from '../playout/heard-text';
import { PlayoutClock } from '../playout/playout-clock';
import type { SentenceSplitter } from '../text/sentence-splitter';
import type { SpeechAudio } from './turn-event';
import type { TurnMarks } from './turn-marks';

/** The assistant's answer to one user turn, from the request to the last sample played. */
export interface Reply {
  /** Never reused. Results of asynchronous work carry this number. */
  id: number;
  /** The number of the user’s turn that it answers. */
  turn: number;
  kind: 'model' | 'fallback';
  userText: string;
  /** The name of whoever has said that, where several people share the conversation. */
  speaker: string | undefined;
  /** All text so far. */
  text: string;
  /** How much of `text` was sent to the client. */
  notifiedLength: number;
  /** Whether the client was told that the text is complete. */
  finalNotified: boolean;
  splitter: SentenceSplitter;
  textEnded: boolean;
  /** Whether the voice was given any text. */
  speaking: boolean;
  /** The text that the voice was given, and its audio. */
  spoken: Spoken;
  /** The same for voices that failed earlier in this turn. */
  spokenBefore: readonly Spoken[];
  audioEnded: boolean;
  /** The audio of a draft, held back until its turn has ended. */
  held: readonly SpeechAudio[];
  /** How much audio of its turn was sent to the client and heard. */
  playout: PlayoutClock;
  /** Whether all audio was sent to the client. */
  audioFinished: boolean;
  /** When playback is checked, on the monotonic clock. Set once all audio was sent. */
  playbackDueAtMs: number | undefined;
  /** What the client had reported as heard at the last check of the overdue timer. */
  playedAtLastCheckMs: number | undefined;
  marks: TurnMarks;
  speculative: boolean;
  /** The time of the last result of any of its stages, on the monotonic clock. */
  progressAtMs: number;
}

export const newReply = (
  id: number,
  turn: number,
  details: Pick<Reply, 'kind' | 'userText' | 'speaker' | 'splitter' | 'marks' | 'speculative'>,
  atMs: number,
): Reply => ({
  id,
  turn,
  ...details,
  text: '',
  notifiedLength: 0,
  finalNotified: false,
  textEnded: false,
  speaking: false,
  spoken: newSpoken(0),
  spokenBefore: [],
  audioEnded: false,
  held: [],
  playout: PlayoutClock.START,
  audioFinished: false,
  playbackDueAtMs: undefined,
  playedAtLastCheckMs: undefined,
  progressAtMs: atMs,
});
