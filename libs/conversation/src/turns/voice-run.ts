import type { TurnEventOf, VoiceWindow } from './turn-event';
import type { TurnPolicy } from './turn-policy';

/** Speech windows that belong together: gaps between them are at most `runGapMs`. */
export interface VoiceRun {
  /** Audio clock at the start of the first speech window. */
  startMs: number;
  /** Speech windows counted, in ms. */
  speechMs: number;
  /** Whether it is surely a voice. What is not may be a cough: it opens a turn, but takes nobody's word and is not answered. */
  isSure: boolean;
  /** Audio clock at the end of the last speech window. */
  lastSpeechMs: number;
  /** Audio clock at the end of what was heard: of the last speech window, or of the unclear windows that it died away with. */
  endMs: number;
  /** The same moment on the monotonic clock. */
  endAtMs: number;
}

/** What of a run lies behind a moment of the audio clock: the run, or nothing. */
export const heardBehind = (run: VoiceRun | undefined, audioMs: number): VoiceRun | undefined =>
  run !== undefined && run.endMs > audioMs ? run : undefined;

/** So much more of a voice that has been heard for long is needed to tell that it goes on. */
const GOES_ON_MS = 64;

/** What is left of a run when its words are taken: if the voice goes on, it need not prove again that it is one. */
export function withoutHeard(run: VoiceRun | undefined, policy: Pick<TurnPolicy, 'interruptConfirmMs'>): VoiceRun | undefined {
  return run && { ...run, startMs: run.endMs, speechMs: Math.min(run.speechMs, Math.max(0, policy.interruptConfirmMs - GOES_ON_MS)) };
}

type RunPolicy = Pick<TurnPolicy, 'candidateSpeechMs' | 'runGapMs'>;

/** Speech that takes the word from the assistant: long enough, and surely a voice. */
export const isConfirmed = (run: VoiceRun | undefined, policy: Pick<TurnPolicy, 'interruptConfirmMs'>): boolean =>
  run !== undefined && run.isSure && run.speechMs >= policy.interruptConfirmMs;

/** A run long enough to be speech and not a click. */
export const isCandidate = (run: VoiceRun | undefined, policy: RunPolicy): run is VoiceRun =>
  run !== undefined && run.speechMs >= policy.candidateSpeechMs;

/** Whether a candidate has enough sound of its own, beyond what has been taken of it (`withoutHeard`), to have words in it. */
export const hasNewSpeech = (run: VoiceRun, policy: Pick<TurnPolicy, 'candidateSpeechMs'>): boolean =>
  run.endMs - run.startMs >= policy.candidateSpeechMs;

/**
 * The run after one more window. Until it is a candidate, its windows must follow one another without a gap, so that single windows of
 * noise add up to nothing. Unclear windows right behind it are its tail: no speech, but no silence either.
 */
export function followVoice(
  run: VoiceRun | undefined,
  heard: TurnEventOf<'audio_heard'>,
  window: VoiceWindow,
  policy: RunPolicy,
): VoiceRun | undefined {
  const { endMs, durationMs, activity } = window;
  const end = { endMs, endAtMs: heard.atMs - (heard.audioMs - endMs) };
  const startMs = endMs - durationMs;
  if (activity === 'speech') {
    const isSure = (run?.isSure ?? false) || (window.isSure ?? true);
    return { startMs: run?.startMs ?? startMs, speechMs: (run?.speechMs ?? 0) + durationMs, isSure, lastSpeechMs: endMs, ...end };
  }
  if (!isCandidate(run, policy) || endMs - run.lastSpeechMs > policy.runGapMs) return undefined;
  // A quiet word may prove to be one only in the sound that it dies away with.
  const judged = window.isSure && !run.isSure ? { ...run, isSure: true } : run;
  return activity === 'unclear' && startMs === run.endMs ? { ...judged, ...end } : judged;
}
