import { newSpoken, type Spoken } from '../playout/heard-text';
import { PlayoutClock } from '../playout/playout-clock';
import type { SentenceSplitter } from '../text/sentence-splitter';
import type { SpeechAudio } from './turn-event';
import type { TurnMarks } from './turn-marks';

/** The assistant's answer to one user turn, from the request to the last sample played. */
export interface Reply {
  /** Never reused; asynchronous results carry it. */
  id: number;
  /** The user turn it answers. */
  turn: number;
  kind: 'model' | 'fallback';
  userText: string;
  /** All text so far. */
  text: string;
  /** How much of `text` the client has been told. */
  notifiedLength: number;
  /** Whether the client has been told that the text is whole. */
  finalNotified: boolean;
  splitter: SentenceSplitter;
  textEnded: boolean;
  /** Whether the voice has got any text. */
  speaking: boolean;
  /** What the voice has been given to say, and its audio. */
  spoken: Spoken;
  /** The same of the voices that failed in this turn before. */
  spokenBefore: readonly Spoken[];
  audioEnded: boolean;
  /** Audio of a draft, kept back until its turn has ended. */
  held: readonly SpeechAudio[];
  /** How much of its turn's audio has left for the client, and been heard. */
  playout: PlayoutClock;
  /** All audio has left for the client. */
  audioFinished: boolean;
  /** Monotonic clock at which the playback is looked after, once all audio has left. */
  playbackDueAtMs: number | undefined;
  /** What the client had reported as heard when the overdue timer last looked. */
  playedAtLastCheckMs: number | undefined;
  marks: TurnMarks;
  speculative: boolean;
  /** Monotonic clock of the last result of any of its stages. */
  progressAtMs: number;
}

export const newReply = (
  id: number,
  turn: number,
  details: Pick<Reply, 'kind' | 'userText' | 'splitter' | 'marks' | 'speculative'>,
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
