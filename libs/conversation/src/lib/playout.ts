import { heardText, type Spoken } from './heard-text';
import type { Reply } from './reply';

/** A client reports what it plays every 250 ms; one that has been silent for longer than this may have stopped playing. */
const MAX_REPORT_AGE_MS = 500;

/** How much of the turn's audio has been played: by the last report and the time since, or as much as a listener without a hiccup has heard. */
export function playedSoFarMs(reply: Reply, atMs: number): number {
  const { playedMs, playedAtMs, sentMs, playoutEndsAtMs } = reply;
  if (playedMs === undefined) return Math.max(0, sentMs - Math.max(0, playoutEndsAtMs - atMs));
  return Math.min(sentMs, playedMs + Math.min(Math.max(0, atMs - playedAtMs), MAX_REPORT_AGE_MS));
}

/** When the listener was at `playedSoFarMs`: now, unless all that was sent has been played, or the client may have stopped. Monotonic clock. */
export function playedUntilAtMs(reply: Reply, atMs: number): number {
  const { playedMs, playedAtMs, sentMs, playoutEndsAtMs } = reply;
  if (playedMs === undefined) return Math.min(atMs, playoutEndsAtMs);
  return Math.min(atMs, playedAtMs + Math.min(Math.max(0, sentMs - playedMs), MAX_REPORT_AGE_MS));
}

/** All voices of the reply's turn, in order. */
export const voicesOf = (reply: Reply): Spoken[] => [...reply.spokenBefore, reply.spoken];

/** The words of the reply that have been heard. */
export const heardSoFar = (reply: Reply, atMs: number): string => heardText(voicesOf(reply), playedSoFarMs(reply, atMs));

/** The reply as if the time since `pausedAtMs` had not passed. */
export function afterPause(reply: Reply, pausedAtMs: number, atMs: number): Reply {
  const pausedForMs = atMs - pausedAtMs;
  const { playoutEndsAtMs, playedAtMs, playbackDueAtMs } = reply;
  return {
    ...reply,
    // A listener that had run dry has missed nothing.
    playoutEndsAtMs: playoutEndsAtMs > pausedAtMs ? playoutEndsAtMs + pausedForMs : playoutEndsAtMs,
    playedAtMs: Math.min(playedAtMs + pausedForMs, atMs),
    playbackDueAtMs: playbackDueAtMs === undefined ? undefined : playbackDueAtMs + pausedForMs,
    progressAtMs: atMs,
  };
}

/** When the playback is to be looked after. */
export const lookAgainMs = (reply: Reply, atMs: number): number => Math.max(0, (reply.playbackDueAtMs ?? atMs) - atMs);
