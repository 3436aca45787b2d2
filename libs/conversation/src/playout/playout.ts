import { heardText, type Spoken } from './heard-text';
import type { Reply } from '../turns/reply';

/** How much of the turn's audio has been played. */
export const playedSoFarMs = ({ playout }: Reply, atMs: number): number => playout.playedMs(atMs);

/**
 * When the listener reached `playedSoFarMs`, on the monotonic clock: now, unless everything sent was played or the client may have
 * stopped.
 */
export const playedUntilAtMs = ({ playout }: Reply, atMs: number): number => playout.playedUntilAtMs(atMs);

/** All voices of the reply’s turn, in order. */
export const voicesOf = (reply: Reply): Spoken[] => [...reply.spokenBefore, reply.spoken];

/** The words of the reply that have been heard. */
export const heardSoFar = (reply: Reply, atMs: number): string => heardText(voicesOf(reply), playedSoFarMs(reply, atMs));

/** The reply with its times moved forward, as if the time since `pausedAtMs` had not passed. */
export function afterPause(reply: Reply, pausedAtMs: number, atMs: number): Reply {
  const { playout, playbackDueAtMs } = reply;
  return {
    ...reply,
    playout: playout.resumed(pausedAtMs, atMs),
    playbackDueAtMs: playbackDueAtMs === undefined ? undefined : playbackDueAtMs + atMs - pausedAtMs,
    progressAtMs: atMs,
  };
}

/** The milliseconds until playback is checked again. */
export const playbackCheckDelayMs = (reply: Reply, atMs: number): number => Math.max(0, (reply.playbackDueAtMs ?? atMs) - atMs);
