import type { Reply } from '../turns/reply';
import { complete } from '../turns/transitions';
import type { Emit } from '../turns/turn-effect';
import type { TurnEventOf } from '../turns/turn-event';
import { withMark } from '../turns/turn-marks';
import type { AiSpeaking, RunningState } from '../turns/turn-state';

/** Playback of a reply, from the first sample that was sent to the last one that was heard. */

export function noteAudioSent(reply: Reply, event: TurnEventOf<'audio_sent'>, playerBufferMs: number): Reply {
  return {
    ...reply,
    playout: reply.playout.sent(event.durationMs, event.atMs, playerBufferMs),
    marks: withMark(reply.marks, 'audio_sent', event.atMs),
    progressAtMs: event.atMs,
  };
}

/** All audio was sent. The reply now lasts until the listener must have heard it. */
export function finishAudio(state: AiSpeaking, atMs: number, emit: Emit): RunningState {
  const { reply } = state;
  const { playout } = reply;
  const finished: AiSpeaking = { ...state, reply: { ...reply, audioFinished: true } };
  // A fast client may report the end before the last send was acknowledged.
  if (playout.reportedMs !== undefined && playout.reportedMs >= playout.sentMs)
    return complete(finished, reply.kind === 'model', atMs, emit);
  emit({ type: 'clear_timer', timer: 'stalled' });
  return waitForPlayback(finished, playout.leftByClockMs(atMs), atMs, emit);
}

function waitForPlayback(state: AiSpeaking, leftMs: number, atMs: number, emit: Emit): AiSpeaking {
  const { reply } = state;
  const delayMs = leftMs + playbackGraceMs(reply);
  emit({ type: 'set_timer', timer: 'playback_overdue', delayMs });
  return { ...state, reply: { ...reply, playbackDueAtMs: atMs + delayMs, playedAtLastCheckMs: reply.playout.reportedMs } };
}

/** The grace period for a client that reports playback, whose buffer may have grown. A client without reports is assumed to be on time. */
const playbackGraceMs = ({ playout }: Reply): number => (playout.reportedMs === undefined ? 0 : 2_000);

export function reportPlayback(state: AiSpeaking, event: TurnEventOf<'playback_reported'>, emit: Emit): RunningState {
  const { reply } = state;
  if (event.turn !== state.turn || reply.playout.sentMs === 0) return state;
  const playout = reply.playout.reported(event.playedMs, event.atMs);
  // A client may report more than it can have heard, but nothing is played before it was sent.
  const startedAtMs = Math.max(event.atMs - (playout.reportedMs ?? 0), reply.marks.audio_sent ?? event.atMs);
  const marks = withMark(reply.marks, 'playback_started', startedAtMs);
  const reported: AiSpeaking = { ...state, reply: { ...reply, playout, marks } };
  return event.event === 'ended' && reply.audioFinished ? complete(reported, reply.kind === 'model', event.atMs, emit) : reported;
}

/** Playback should be over unless the client has stopped. It is awaited as long as the client reports progress. */
export function checkPlayback(state: AiSpeaking, atMs: number, emit: Emit): RunningState {
  const { reply, pendingInterruption, policy } = state;
  if (pendingInterruption?.pausedAtMs !== undefined) {
    emit({ type: 'set_timer', timer: 'playback_overdue', delayMs: policy.resumeWaitMs });
    return state;
  }
  const { playout, playedAtLastCheckMs } = reply;
  const { reportedMs: playedMs, sentMs } = playout;
  const dueInMs = (reply.playbackDueAtMs ?? atMs) - atMs;
  if (dueInMs > 0) {
    emit({ type: 'set_timer', timer: 'playback_overdue', delayMs: dueInMs });
    return state;
  }
  const goesOn = playedMs !== undefined && playedMs < sentMs && (playedAtLastCheckMs === undefined || playedMs > playedAtLastCheckMs);
  return goesOn ? waitForPlayback(state, sentMs - playedMs, atMs, emit) : complete(state, reply.kind === 'model', atMs, emit);
}
