import type { TurnEventOf, VoiceWindow } from './turn-event';
import type { TurnPolicy } from './turn-policy';

/** Speech windows that belong together: the gaps between them are at most `runGapMs`. */
export interface VoiceRun {
  /** The audio clock at the start of the first speech window. */
  startMs: number;
  /** The duration of the counted speech windows, in ms. */
  speechMs: number;
  /**
   * Whether it is clearly a voice. Otherwise it may be a cough: it opens a turn, but does not interrupt and is answered only if it has
   * words.
   */
  isSure: boolean;
  /** The audio clock at the end of the last speech window. */
  lastSpeechMs: number;
  /** The audio clock at the end of the sound: of the last speech window, or of the unclear windows in which it faded. */
  endMs: number;
  /** The same moment on the monotonic clock. */
  endAtMs: number;
}

/** The run, if it continues after this moment of the audio clock. Otherwise undefined. */
export const voiceAfter = (run: VoiceRun | undefined, audioMs: number): VoiceRun | undefined =>
  run !== undefined && run.endMs > audioMs ? run : undefined;

/** How much more must be heard of a voice that was heard for a long time before, to know that it continues. */
const CONTINUED_VOICE_MS = 64;

/** What remains of a run after its words were taken. If the voice continues, it need not be confirmed again from the beginning. */
export function withoutHeard(run: VoiceRun | undefined, policy: Pick<TurnPolicy, 'interruptConfirmMs'>): VoiceRun | undefined {
  return (
    run && { ...run, startMs: run.endMs, speechMs: Math.min(run.speechMs, Math.max(0, policy.interruptConfirmMs - CONTINUED_VOICE_MS)) }
  );
}

type RunPolicy = Pick<TurnPolicy, 'candidateSpeechMs' | 'runGapMs'>;

/** Whether the speech interrupts the assistant: it is long enough and clearly a voice. */
export const isConfirmed = (run: VoiceRun | undefined, policy: Pick<TurnPolicy, 'interruptConfirmMs'>): boolean =>
  run !== undefined && run.isSure && run.speechMs >= policy.interruptConfirmMs;

/** Whether a run is long enough to be speech and not a click. */
export const isCandidate = (run: VoiceRun | undefined, policy: RunPolicy): run is VoiceRun =>
  run !== undefined && run.speechMs >= policy.candidateSpeechMs;

/** Whether a candidate has enough new sound to contain words, beyond what was taken of it before (`withoutHeard`). */
export const hasNewSpeech = (run: VoiceRun, policy: Pick<TurnPolicy, 'candidateSpeechMs'>): boolean =>
  run.endMs - run.startMs >= policy.candidateSpeechMs;

/**
 * The run after one more window. Until it is a candidate, its windows must follow one another without a gap, so that single windows of
 * noise do not add up. Unclear windows right after it are its fading end: they are neither speech nor silence.
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
  // A quiet word may turn out to be a voice only in its fading end.
  const judged = window.isSure && !run.isSure ? { ...run, isSure: true } : run;
  return activity === 'unclear' && startMs === run.endMs ? { ...judged, ...end } : judged;
}
