import type { Span } from './timeline';

/** A recording that may have been said, 16 kHz. */
export interface Clip {
  file: string;
  pcm: Int16Array;
  /** What is said in it, in milliseconds from its start. */
  speech: readonly Span[];
}

export interface FoundClip {
  clip: Clip;
  /** Audio clock at its first sample. */
  startAudioMs: number;
}

const FRAME_SAMPLES = 320;
const FRAME_MS = 20;

/**
 * Finds the clips in a microphone's audio, in order. The test microphone sends a clip's samples unchanged, beginning at a frame's start,
 * so each clip is found by its loudest frame, and then compared frame by frame.
 */
export function findClips(microphone: Int16Array, clips: readonly Clip[]): FoundClip[] {
  const byFrame = new Map(clips.map((clip) => [keyOf(frameAt(clip.pcm, loudestFrame(clip.pcm))), clip]));
  const found: FoundClip[] = [];
  for (let frame = 0; (frame + 1) * FRAME_SAMPLES <= microphone.length; frame++) {
    const clip = byFrame.get(keyOf(frameAt(microphone, frame)));
    if (clip === undefined) continue;
    const start = frame - loudestFrame(clip.pcm);
    if (start >= 0 && isAt(microphone, start, clip.pcm)) found.push({ clip, startAudioMs: start * FRAME_MS });
  }
  return found.sort((a, b) => a.startAudioMs - b.startAudioMs);
}

const frameAt = (pcm: Int16Array, frame: number): Int16Array => pcm.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES);

const keyOf = (frame: Int16Array): string => frame.join();

function loudestFrame(pcm: Int16Array): number {
  let loudest = 0;
  let most = -1;
  for (let frame = 0; (frame + 1) * FRAME_SAMPLES <= pcm.length; frame++) {
    const energy = frameAt(pcm, frame).reduce((sum, sample) => sum + sample * sample, 0);
    if (energy > most) [loudest, most] = [frame, energy];
  }
  return loudest;
}

function isAt(microphone: Int16Array, start: number, pcm: Int16Array): boolean {
  const whole = Math.floor(pcm.length / FRAME_SAMPLES);
  const from = start * FRAME_SAMPLES;
  return pcm.subarray(0, whole * FRAME_SAMPLES).every((sample, at) => sample === microphone[from + at]);
}

/** The loud part of a recording without speech, from its first to its last loud sample. */
export function loudPart(pcm: Int16Array): Span {
  const first = pcm.findIndex((sample) => Math.abs(sample) > LOUD);
  const last = pcm.findLastIndex((sample) => Math.abs(sample) > LOUD);
  return { startMs: Math.max(0, first) / SAMPLES_PER_MS, endMs: Math.max(0, last) / SAMPLES_PER_MS };
}

/** -36 dBFS, well above the recordings' background of -72. */
const LOUD = 520;
const SAMPLES_PER_MS = 16;
