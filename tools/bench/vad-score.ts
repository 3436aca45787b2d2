import { VOICE_WINDOW_MS, type VoiceWindow } from '@parley/audio';
import { type Span } from './vad-corpus';

/** A stretch that the detector took for speech. */
export interface Stretch extends Span {
  /** Speech windows in it, in ms. */
  readonly speechMs: number;
}

/** The result of the detector for a recording with speech. Delays in ms; positive means late. */
export interface SpeechScore {
  utterances: number;
  missed: number;
  /** Stretches that begin where nobody speaks. */
  falseStarts: number;
  /** How many times an utterance was taken for more than one. */
  splits: number;
  /** How many times within an utterance the silence since `voicedEndMs` grew that long. */
  voicedSplits: number;
  onsetMs: number[];
  /** The end of the last window that was not silence, against the end of the voice. */
  offsetMs: number[];
  /** The final value of `voicedEndMs`, 900 ms later, against the end of the voice. */
  voicedEndMs: number[];
}

const START_WINDOWS = 2;
/** A stretch that begins this soon after an utterance, in ms, is caused by the model's memory and is not new speech. */
const TAIL_MS = 250;
/** The silence rule that `voicedEndMs` is for. */
const TURN_SILENCE_MS = 900;

/** The stretches of speech. Two windows of speech in a row begin one, and this much silence ends it after the last window that was not silence. */
export function stretchesOf(windows: readonly VoiceWindow[], silenceMs: number): Stretch[] {
  const found: { startMs: number; endMs: number; speechMs: number }[] = [];
  let run = 0;
  let isOpen = false;
  for (const { activity, endMs } of windows) {
    run = activity === 'speech' ? run + 1 : 0;
    const last = found[found.length - 1];
    if (isOpen) {
      if (activity === 'speech') last.speechMs += VOICE_WINDOW_MS;
      if (activity !== 'silence') last.endMs = endMs;
      else isOpen = endMs - last.endMs < silenceMs;
    } else if (run === START_WINDOWS) {
      found.push({ startMs: endMs, endMs, speechMs: START_WINDOWS * VOICE_WINDOW_MS });
      isOpen = true;
    }
  }
  return found;
}

/** Compares with the truth, by the rule of `stretchesOf`. */
export function scoreSpeech(windows: readonly VoiceWindow[], speech: readonly Span[], silenceMs: number): SpeechScore {
  const stretches = stretchesOf(windows, silenceMs);
  const touches = (stretch: Span, { startMs, endMs }: Span, tailMs = 0) => stretch.startMs < endMs + tailMs && stretch.endMs > startMs;
  const score: SpeechScore = {
    utterances: speech.length,
    missed: 0,
    falseStarts: stretches.filter((stretch) => !speech.some((span) => touches(stretch, span, TAIL_MS))).length,
    splits: 0,
    voicedSplits: 0,
    onsetMs: [],
    offsetMs: [],
    voicedEndMs: [],
  };
  speech.forEach((span, i) => {
    const own = stretches.filter((stretch) => touches(stretch, span));
    if (own.length === 0) {
      score.missed++;
      return;
    }
    const last = own[own.length - 1];
    const nextMs = speech[i + 1]?.startMs ?? Infinity;
    score.splits += own.length - 1;
    score.voicedSplits += silencesWithin(windows, { startMs: own[0].startMs, endMs: span.endMs }, silenceMs);
    // A stretch that began before this utterance, or continues into the next one, has no edge here.
    if (own[0].startMs >= span.startMs) score.onsetMs.push(own[0].startMs - span.startMs);
    if (last.endMs < nextMs) score.offsetMs.push(last.endMs - span.endMs);
    const knownMs = Math.min(span.endMs + TURN_SILENCE_MS, nextMs);
    const known = windows.findLast(({ endMs }) => endMs < knownMs);
    if (known) score.voicedEndMs.push(known.voicedEndMs - span.endMs);
  });
  return score;
}

function silencesWithin(windows: readonly VoiceWindow[], { startMs, endMs }: Span, silenceMs: number): number {
  const isSilent = windows
    .filter((window) => window.endMs > startMs && window.endMs <= endMs)
    .map((window) => window.endMs - window.voicedEndMs >= silenceMs);
  return isSilent.filter((silent, i) => silent && !isSilent[i - 1]).length;
}
