import { failAnswer } from './failing';
import { judgeTurn } from './judging';
import { endUserTurn, giveUpTranscript } from './listening';
import { checkPlayback } from '../playout/playback';
import type { Reply } from './reply';
import { ENDING_NOTICE_MS, limitCheckDelayMs, sessionLeftMs } from './session-limit';
import { checkPause, dismissInterruption } from './talking-over';
import { end } from './transitions';
import type { Emit } from './turn-effect';
import type { TurnEventOf } from './turn-event';
import type { Stage } from './turn-policy';
import { type AiProcessing, type AiSpeaking, isUnconfirmed, type RunningState, type TurnState } from './turn-state';

/**
 * Handles timers, which make sure that every phase ends. A timer is only a reminder to check: one that fires too early is set again for
 * the remaining time, and one that belongs to a past phase is ignored.
 */
export function fireTimer(state: RunningState, event: TurnEventOf<'timer_fired'>, emit: Emit): TurnState {
  switch (event.timer) {
    case 'inactivity':
      return checkActivity(state, event.atMs, emit);
    case 'audio_gap':
      return checkAudioGap(state, event.atMs, emit);
    case 'stalled':
      return checkProgress(state, event.atMs, emit);
    case 'playback_overdue':
      return state.phase === 'AI_SPEAKING' && state.reply.audioFinished ? checkPlayback(state, event.atMs, emit) : state;
    case 'resume':
      return state.phase !== 'USER_SPEAKING' ? checkPause(state, event.atMs, emit) : state;
  }
}

function checkActivity(state: RunningState, atMs: number, emit: Emit): TurnState {
  const quietMs = state.phase === 'USER_SPEAKING' ? atMs - state.activeAtMs : 0;
  const leftMs = state.policy.inactivityTimeoutMs - quietMs;
  if (leftMs <= 0) return end(state, 'inactivity_timeout', atMs, emit);
  const sessionMs = sessionLeftMs(state, atMs);
  // None of the protocol’s reasons names this limit, but it is true that the server has ended the conversation, and a client may start a new one.
  if (sessionMs <= 0) return end(state, 'server_shutdown', atMs, emit);
  const tells = !state.endingNotified && sessionMs <= ENDING_NOTICE_MS;
  if (tells) emit({ type: 'notify', notification: { type: 'ending_soon', inMs: Math.round(sessionMs) } });
  const told = tells ? { ...state, endingNotified: true } : state;
  emit({ type: 'set_timer', timer: 'inactivity', delayMs: limitCheckDelayMs(told, leftMs, atMs) });
  return told;
}

/** No audio has arrived for a long time, so whatever the user was saying counts as finished. */
function checkAudioGap(state: RunningState, atMs: number, emit: Emit): RunningState {
  const userTurn = state.phase === 'USER_SPEAKING' ? state.userTurn : undefined;
  const waits = userTurn !== undefined || (state.phase === 'AI_SPEAKING' && state.ducked);
  if (!waits) return state;
  const leftMs = state.policy.audioGapMs - (atMs - state.heardAtMs);
  if (leftMs > 0) {
    emit({ type: 'set_timer', timer: 'audio_gap', delayMs: leftMs });
    return state;
  }
  if (state.phase === 'AI_SPEAKING') return dismissInterruption({ ...state, voice: undefined }, atMs, emit);
  if (state.phase !== 'USER_SPEAKING' || userTurn === undefined) return state;
  const ended = endUserTurn(state, userTurn, atMs, emit);
  // The words of the turn are still pending.
  if (ended.phase === 'USER_SPEAKING' && ended.userTurn) emit({ type: 'set_timer', timer: 'audio_gap', delayMs: state.policy.audioGapMs });
  return ended;
}

function checkProgress(state: RunningState, atMs: number, emit: Emit): RunningState {
  if (state.phase === 'USER_SPEAKING' || (state.phase === 'AI_SPEAKING' && state.reply.audioFinished)) return state;
  const { stage, progressAtMs } = awaited(state);
  const leftMs = state.policy.stallTimeoutMs - (atMs - progressAtMs);
  if (leftMs <= 0) {
    // A turn that nobody has judged is answered.
    const isUnjudged = state.phase === 'AI_PROCESSING' && state.unjudgedText !== undefined;
    if (isUnjudged) return judgeTurn(state, { type: 'turn_judged', turn: state.turn, isAnswered: true, atMs }, emit);
    const owesTranscript = state.phase === 'AI_PROCESSING' && stage === 'stt';
    return owesTranscript ? giveUpTranscript(state, atMs, emit) : failAnswer(state, stage, 'timeout', atMs, emit);
  }
  emit({ type: 'set_timer', timer: 'stalled', delayMs: leftMs });
  return state;
}

interface AwaitedStage {
  stage: Stage;
  /** When the stage last showed progress, on the monotonic clock. */
  progressAtMs: number;
}

function awaited(state: AiProcessing | AiSpeaking): AwaitedStage {
  if (state.phase === 'AI_SPEAKING') return awaitedOf(state.reply);
  return state.reply && !isUnconfirmed(state) ? awaitedOf(state.reply) : { stage: 'stt', progressAtMs: state.turnEndAtMs };
}

const awaitedOf = (reply: Reply): AwaitedStage => ({ stage: reply.textEnded ? 'tts' : 'llm', progressAtMs: reply.progressAtMs });
