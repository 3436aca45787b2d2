import type { SpeechChunk } from '@parley/providers';

/** The same speech, whose characters are spoken that much later. */
export function shiftedSpeech({ pcm, alignment }: SpeechChunk, byMs: number): SpeechChunk {
  if (!alignment) return { pcm };
  return { pcm, alignment: { ...alignment, startMs: byMs === 0 ? alignment.startMs : alignment.startMs.map((ms) => ms + byMs) } };
}

/** White space that is spoken at a time, without audio. */
export function silentSpeech(blank: string, atMs: number): SpeechChunk {
  const chars = blank.split('');
  return { pcm: new Int16Array(0), alignment: { chars, startMs: chars.map(() => atMs), durationMs: chars.map(() => 0) } };
}
