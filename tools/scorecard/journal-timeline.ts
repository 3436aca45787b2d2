import type { Journal } from '@parley/conversation';
import { type Clip, findClips, type FoundClip, loudPart } from './find-clips';
import { playedSpeech } from './played-speech';
import type { Span, Timeline, UserSpan } from './timeline';

const OUTPUT_RATE_HZ = 24_000;

/** Who was heard when in a recorded session in which the user said only `clips`. */
export function journalTimeline(journal: Journal, microphone: Int16Array, clips: readonly Clip[]): Timeline {
  const { policy, audio } = journal.header;
  const audioZeroMs = audioClockZeroMs(journal);
  return {
    users: findClips(microphone, clips).flatMap((found) => userSpans(found, audioZeroMs, policy.endOfTurnSilenceMs)),
    assistant: playedSpeech(journal.entries, audio?.speech.sampleRateHz ?? OUTPUT_RATE_HZ, policy.playerBufferMs),
  };
}

/** The moment of the audio clock's zero. Frames arrive when they are over or later: the one that took least time tells. */
function audioClockZeroMs({ entries }: Journal): number {
  let zeroMs = Infinity;
  for (const entry of entries) {
    if (entry.kind === 'step' && entry.event.type === 'audio_heard') zeroMs = Math.min(zeroMs, entry.event.atMs - entry.event.audioMs);
  }
  return zeroMs;
}

/** Parts with less silence between them than ends a turn are one turn with a pause in it. */
function userSpans({ clip, startAudioMs }: FoundClip, audioZeroMs: number, endOfTurnSilenceMs: number): UserSpan[] {
  const moved = ({ startMs, endMs }: Span): Span => {
    const offsetMs = audioZeroMs + startAudioMs;
    return { startMs: startMs + offsetMs, endMs: endMs + offsetMs };
  };
  if (clip.speech.length === 0) return [{ kind: 'noise', ...moved(loudPart(clip.pcm)), parts: [] }];
  const kind = clip.file.startsWith('backchannel-') ? 'back_channel' : 'turn';
  const spans: UserSpan[] = [];
  for (const part of clip.speech.map(moved)) {
    const last = spans.at(-1);
    if (last && part.startMs - last.endMs < endOfTurnSilenceMs)
      spans[spans.length - 1] = { ...last, endMs: part.endMs, parts: [...last.parts, part] };
    else spans.push({ kind, ...part, parts: [part] });
  }
  return spans;
}
