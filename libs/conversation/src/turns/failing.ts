import { beginSpeaking, notifyText } from './answering';
import { newSpoken } from '../playout/heard-text';
import { forgetRefused, labelled } from '../memory/memory';
import { PlayoutClock } from '../playout/playout-clock';
import { newReply, type Reply } from './reply';
import { newSplitter } from '../text/sentence-splitter';
import { cancelDraft, cancelReply, complete, discardUtterances } from './transitions';
import type { Emit } from './turn-effect';
import type { FailureReason, TurnEvent, TurnEventOf } from './turn-event';
import { type TurnMarks, withMark } from './turn-marks';
import type { Stage } from './turn-policy';
import { type AiProcessing, type AiSpeaking, isUnconfirmed, type RunningState } from './turn-state';
import { spokenMarks } from './user-turn';

/** Handles stages that fail or do not answer in time. */

/**
 * The failure that an event of a reply means: a reported failure, or an end without any result. Undefined when the event is not a failure.
 */
export function failureIn(reply: Reply, event: Extract<TurnEvent, { reply: number }>): TurnEventOf<'reply_failed'> | undefined {
  const { atMs } = event;
  const broken = { type: 'reply_failed', atMs, reply: reply.id, reason: 'bad_response' } as const;
  switch (event.type) {
    case 'reply_failed':
      return event;
    case 'reply_text_ended':
      return reply.text.trim() === '' ? { ...broken, stage: 'llm' } : undefined;
    case 'reply_audio_ended':
      return reply.textEnded && reply.spoken.producedMs > 0 ? undefined : { ...broken, stage: 'tts' };
    default:
      return undefined;
  }
}

/** A failed draft is forgotten: the final transcript or the end of the turn requests the answer again. */
export function failReply(state: RunningState, event: TurnEventOf<'reply_failed'>, emit: Emit): RunningState {
  if (state.phase === 'AI_SPEAKING' || (state.phase === 'AI_PROCESSING' && !isUnconfirmed(state))) {
    return failAnswer(state, event.stage, event.reason, event.atMs, emit);
  }
  if (state.phase === 'USER_SPEAKING') return cancelDraft(state, emit);
  return state.reply ? { ...cancelReply(state, state.reply, emit), reply: undefined } : state;
}

/** A stage of the answer has failed. The client is told once and hears a prepared sentence, and the conversation continues. */
export function failAnswer(before: AiProcessing | AiSpeaking, stage: Stage, reason: FailureReason, atMs: number, emit: Emit): RunningState {
  const { policy, turn } = before;
  if (before.phase === 'AI_PROCESSING') discardUtterances(before.userTurn, emit);
  const state = withoutRefused(before.reply ? cancelReply(before, before.reply, emit) : before, stage, reason);
  const failed = isUnconfirmed(state) ? undefined : state.reply;
  if (failed?.kind === 'fallback') return complete(state, false, atMs, emit);
  emit({ type: 'notify', notification: { type: 'stage_failed', turn, stage, reason } });

  const text = policy.fallbackText[stage];
  const fallback = fallbackReply(state, text, atMs);
  if (policy.speech) emit({ type: 'speak_fallback', reply: fallback.id, stage, text });
  emit({ type: 'set_timer', timer: 'stalled', delayMs: policy.stallTimeoutMs });
  const nextReply = state.nextReply + 1;
  const speaking: AiSpeaking =
    state.phase === 'AI_SPEAKING'
      ? { ...state, nextReply, reply: notifyText(fallback, emit) }
      : beginSpeaking({ ...state, userTurn: undefined, nextReply }, fallback, emit);
  return policy.speech ? speaking : complete(speaking, false, atMs, emit);
}

/** Removes words that the model has refused, because it would refuse them again in every later turn. */
function withoutRefused(state: AiProcessing | AiSpeaking, stage: Stage, reason: FailureReason): AiProcessing | AiSpeaking {
  const { reply } = state;
  const isRefusal = stage === 'llm' && reason === 'invalid_request';
  return isRefusal && reply?.kind === 'model' ? forgetRefused(state, labelled(reply.userText, reply.speaker)) : state;
}

/** The prepared sentence continues the failed reply: what the client has received of it is kept. */
function fallbackReply(state: AiProcessing | AiSpeaking, text: string, atMs: number): Reply {
  const failed = isUnconfirmed(state) ? undefined : state.reply;
  const details = {
    kind: 'fallback' as const,
    userText: failed?.userText ?? '',
    speaker: failed?.speaker,
    splitter: newSplitter(),
    marks: failed?.marks ?? (state.phase === 'AI_PROCESSING' ? turnEndMarks(state) : {}),
    speculative: failed?.speculative ?? false,
  };
  const before = failed?.text ?? '';
  const said = before === '' || /\s$/u.test(before) ? before + text : `${before} ${text}`;
  return {
    ...newReply(state.nextReply, state.turn, details, atMs),
    // A reply that only lost its voice is complete as text.
    text: failed?.finalNotified ? before : said,
    notifiedLength: failed?.notifiedLength ?? 0,
    finalNotified: failed?.finalNotified ?? false,
    textEnded: true,
    speaking: state.policy.speech,
    spoken: { ...newSpoken(failed?.playout.sentMs ?? 0), pieces: [text] },
    spokenBefore: failed ? [...failed.spokenBefore, failed.spoken] : [],
    playout: failed?.playout ?? PlayoutClock.START,
  };
}

const turnEndMarks = (state: AiProcessing): TurnMarks =>
  state.userTurn === undefined ? {} : withMark(spokenMarks(state.userTurn), 'turn_end', state.turnEndAtMs);
