import { bare } from '../playout/heard-text';
import type { FailureReason } from './turn-event';
import { type TurnMarks, withMark } from './turn-marks';
import type { TurnPolicy } from './turn-policy';
import type { VoiceRun } from './voice-run';

/**
 * A part of the turn: an utterance at the recogniser, or words that were typed in between. There are several when the user pauses long
 * enough for a draft and then continues.
 */
export interface Segment {
  /** Undefined for typed words, which are final from the start. */
  utterance: number | undefined;
  /** `open` takes audio, `finalising` waits for its final transcript, `final` has it or has failed. */
  stage: 'open' | 'finalising' | 'final';
  text: string;
}

/** The drafts of a turn that were started before the ordinary silence. */
export interface EarlyDrafts {
  tries: number;
  /** The words that the last one answers. */
  text: string;
  /** The `voicedMs` of the turn when it was started. */
  voicedMs: number;
}

export interface SpokenSegment extends Segment {
  utterance: number;
  /** The audio clock at its first sample. */
  fromAudioMs: number;
  /** Whether it was ended before it was clear that the voice had ended. */
  isEarly: boolean;
}

/** A new utterance that takes audio. */
export const newSegment = (utterance: number, fromAudioMs: number, text = ''): SpokenSegment => ({
  utterance,
  stage: 'open',
  text,
  fromAudioMs,
  isEarly: false,
});

const isSpoken = (segment: Segment): segment is SpokenSegment => segment.utterance !== undefined;

export const lastSpoken = (turn: UserTurn): SpokenSegment | undefined => turn.segments.filter(isSpoken).at(-1);

/** What the user is saying, or has just said. */
export interface UserTurn {
  segments: readonly Segment[];
  /** The duration of the speech windows heard, in ms. */
  voicedMs: number;
  /** Whether some of it is clearly a voice. */
  isSure: boolean;
  /** On the audio clock. */
  startedAudioMs: number;
  lastVoicedAudioMs: number;
  /** The same moment on the monotonic clock. */
  lastVoicedAtMs: number;
  /** The value of `activeAtMs` before this turn, which is restored for the inactivity limit if the turn turns out to be a noise. */
  quietSinceMs: number;
  /** When the last final transcript arrived, on the monotonic clock. */
  finalAtMs: number | undefined;
  /** The words known so far, and the audio clock at which they were first seen in this form. */
  words: { text: string; sinceAudioMs: number };
  early: EarlyDrafts;
  /** The number of utterances that were ended too early and are heard again. */
  repeatedUtterances: number;
  /** The failure of the recogniser on a part of the turn, after which the rest is not transcribed. */
  failure: FailureReason | undefined;
  /** Whether the client was shown words of it. */
  isShown: boolean;
  /** When silence had ended the turn, on the monotonic clock, while its words must still show whether it is a turn. */
  endedAtMs: number | undefined;
}

/** A turn that begins with this speech, of which nothing was sent to the recogniser yet. */
export const newUserTurn = (voice: VoiceRun, quietSinceMs: number): UserTurn => ({
  segments: [],
  voicedMs: 0,
  isSure: false,
  startedAudioMs: voice.startMs,
  lastVoicedAudioMs: voice.endMs,
  lastVoicedAtMs: voice.endAtMs,
  quietSinceMs,
  finalAtMs: undefined,
  words: { text: '', sinceAudioMs: voice.startMs },
  early: { tries: 0, text: '', voicedMs: 0 },
  repeatedUtterances: 0,
  failure: undefined,
  isShown: false,
  endedAtMs: undefined,
});

/**
 * Whether the sound alone does not show that this is a turn: too little speech, or none that is clearly a voice, as in a cough or a short
 * word.
 */
export const isUnsure = (turn: UserTurn, policy: Pick<TurnPolicy, 'minTurnSpeechMs'>): boolean =>
  !turn.isSure || turn.voicedMs < policy.minTurnSpeechMs;

/** The turn, updated with what is now known about its voice. */
export const judgedBy = (turn: UserTurn, voice: VoiceRun): UserTurn => (voice.isSure && !turn.isSure ? { ...turn, isSure: true } : turn);

export const openSegment = (turn: UserTurn): SpokenSegment | undefined =>
  turn.segments.filter(isSpoken).find((segment) => segment.stage === 'open');

/** The utterances that the recogniser is still working on. */
export const unfinished = (turn: UserTurn): readonly SpokenSegment[] =>
  turn.segments.filter(isSpoken).filter((segment) => segment.stage !== 'final');

export const hasAllFinals = (turn: UserTurn): boolean => turn.segments.every((segment) => segment.stage === 'final');

/** The parts of the turn that have a final transcript. Used when the other parts are no longer awaited. */
export const finalPart = (turn: UserTurn): UserTurn => ({ ...turn, segments: turn.segments.filter(({ stage }) => stage === 'final') });

/** Whether every part of the turn has words or a final transcript and none takes audio any more, which is enough to prepare an answer. */
export const isHeard = (turn: UserTurn): boolean =>
  turn.segments.every(({ stage, text }) => stage === 'final' || (stage === 'finalising' && text !== ''));

/** Whether every part of the turn has words or a final transcript, even if the recogniser may still change the words. */
export const hasWords = (turn: UserTurn): boolean => turn.segments.every(({ stage, text }) => stage === 'final' || text !== '');

export const isOwnUtterance = (turn: UserTurn | undefined, utterance: number): turn is UserTurn =>
  turn !== undefined && turn.segments.some((segment) => segment.utterance === utterance && segment.stage !== 'final');

export const withSegment = (turn: UserTurn, utterance: number, change: Partial<Omit<SpokenSegment, 'utterance'>>): UserTurn => ({
  ...turn,
  segments: turn.segments.map((segment) => (segment.utterance === utterance ? { ...segment, ...change } : segment)),
});

/** The turn with typed words added after those that have been spoken so far. */
export const withTyped = (turn: UserTurn, text: string): UserTurn => ({
  ...turn,
  segments: [...turn.segments, { utterance: undefined, stage: 'final', text }],
});

export const hasTyped = (turn: UserTurn): boolean => !turn.segments.every(isSpoken);

const textOf = (segments: readonly Segment[]): string =>
  segments
    .map((segment) => segment.text.trim())
    .filter((text) => text !== '')
    .join(' ');

/** All words of the turn so far, in the order in which they were spoken and typed. */
export const userText = (turn: UserTurn): string => textOf(turn.segments);

export const spokenText = (turn: UserTurn): string => textOf(turn.segments.filter(isSpoken));

export const typedText = (turn: UserTurn): string => textOf(turn.segments.filter((segment) => !isSpoken(segment)));

/** Whether two transcripts have the same words: case, punctuation and spaces do not matter. */
export const sameWords = (a: string, b: string): boolean => bare(a) === bare(b);

/**
 * The marks of a turn until its end. When the recogniser has failed, the final transcript of an earlier part does not count for the turn.
 */
export function spokenMarks(turn: UserTurn): TurnMarks {
  const marks: TurnMarks = { speech_end: turn.lastVoicedAtMs };
  return turn.finalAtMs === undefined || turn.failure ? marks : withMark(marks, 'stt_final', turn.finalAtMs);
}
