import { labelled, remember } from '../memory/memory';
import { speakDraft } from './answering';
import { answer, cancelReply, complete } from './transitions';
import type { Emit } from './turn-effect';
import type { TurnEventOf, TurnVerdict } from './turn-event';
import { type TurnMarks, withMark } from './turn-marks';
import type { AiProcessing, RunningState } from './turn-state';
import { isUnsure, sameWords, spokenMarks, spokenText, type UserTurn } from './user-turn';

/** Decides what follows when a turn has ended and its words are known: where several people share the conversation, not all are answered. */

/** The words are known. Where turns are judged, that is awaited; otherwise the turn is answered. */
export function askForVerdict(state: AiProcessing, text: string, atMs: number, emit: Emit): RunningState {
  const { turn, userTurn, policy } = state;
  if (!policy.judgesTurns || text === '') return settleTurn(state, text, { isAnswered: true }, atMs, emit);
  const heard = userTurn && { fromMs: userTurn.startedAudioMs, toMs: userTurn.lastVoicedAudioMs };
  emit({ type: 'judge_turn', turn, text, heard });
  return { ...state, unjudgedText: text };
}

/** A verdict on another turn is too late: what was said there has become a part of the next one. */
export function judgeTurn(state: RunningState, event: TurnEventOf<'turn_judged'>, emit: Emit): RunningState {
  if (state.phase !== 'AI_PROCESSING' || state.unjudgedText === undefined || event.turn !== state.turn) return state;
  return settleTurn({ ...state, unjudgedText: undefined }, state.unjudgedText, event, event.atMs, emit);
}

/** Answers the turn with its draft or a new reply, or leaves it unanswered, or has understood nothing. */
function settleTurn(state: AiProcessing, text: string, verdict: TurnVerdict, atMs: number, emit: Emit): RunningState {
  const { userTurn, reply, turn, policy } = state;
  if (userTurn) notifyMissed(state, userTurn, emit);
  emit({ type: 'notify', notification: { type: 'transcript', turn, text, isFinal: true } });
  if (userTurn === undefined) emit({ type: 'set_timer', timer: 'stalled', delayMs: policy.stallTimeoutMs });
  if (text === '') return listenAgain(withoutReply(state, emit), atMs, emit);
  const { speaker } = verdict;
  if (!verdict.isAnswered) {
    const said = remember(withoutReply(state, emit), { role: 'user', content: labelled(text, speaker) });
    return listenAgain(said, atMs, emit);
  }
  const spoken = userTurn ? spokenMarks(userTurn) : { speech_end: state.turnEndAtMs };
  if (reply && reply.speaker === speaker && sameWords(reply.userText, text)) return speakDraft(state, reply, spoken, atMs, emit);
  const marks: TurnMarks = withMark(spoken, 'turn_end', state.turnEndAtMs);
  return answer(withoutReply(state, emit), text, speaker, marks, atMs, emit);
}

/** Typed words are answered although the recogniser has failed, unless nothing is missing: a sound that may not be speech has no words. */
function notifyMissed({ turn, policy }: AiProcessing, userTurn: UserTurn, emit: Emit): void {
  const { failure } = userTurn;
  const isMissed = failure && !(isUnsure(userTurn, policy) && spokenText(userTurn) === '');
  if (isMissed) emit({ type: 'notify', notification: { type: 'stage_failed', turn, stage: 'stt', reason: failure } });
}

const listenAgain = (state: AiProcessing, atMs: number, emit: Emit): RunningState =>
  complete({ ...state, userTurn: undefined }, false, atMs, emit);

const withoutReply = (state: AiProcessing, emit: Emit): AiProcessing =>
  state.reply ? { ...cancelReply(state, state.reply, emit), reply: undefined } : state;
