import { joinCarriedOver, type CarriedOver, wordsOfTurn, wordsOverAssistant } from './carry-over';
import { draftCancelled, draftsReported, draftsToReport, draftStarted, utteranceRepeated } from './draft-counts';
import { conversationMessages, INTERRUPTED_MARK, labelled, remember } from '../memory/memory';
import { heardSoFar } from '../playout/playout';
import { lastSaid, type LastSaid } from './echo';
import { cutUtterance } from './partial-lag';
import { newReply, type Reply } from './reply';
import { newSplitter } from '../text/sentence-splitter';
import type { Emit } from './turn-effect';
import type { EndReason, InterruptionReason } from './turn-event';
import { sinceUserFinished, type TurnMarks, withMark } from './turn-marks';
import type { AiProcessing, AiSpeaking, Idle, RunningState, UserSpeaking } from './turn-state';
import { isUnconfirmed, running } from './turn-state';
import { judgedBy, newSegment, newUserTurn, openSegment, type SpokenSegment, unfinished, type UserTurn, withSegment } from './user-turn';
import { isCandidate, type VoiceRun } from './voice-run';

/** The transitions from one phase to another. Each cancels what the old phase leaves behind, exactly once. */

/** Waits for the user’s next words, or continues with words that are already being spoken. */
export function listen(state: RunningState, turn: number, activeAtMs: number, emit: Emit, carriedOver?: CarriedOver): UserSpeaking {
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'USER_SPEAKING', turn } });
  const listening: UserSpeaking = {
    ...running(state),
    phase: 'USER_SPEAKING',
    turn,
    voice: carriedOver ? carriedOver.voice : state.voice,
    userTurn: carriedOver?.userTurn,
    draft: undefined,
    activeAtMs,
  };
  const { voice, policy } = listening;
  return isCandidate(voice, policy) ? hearSpeech(listening, voice, voice.speechMs - (carriedOver?.countedMs ?? 0), emit) : listening;
}

/** Speech in the user’s turn: opens an utterance unless one is open, and cancels a draft that no longer matches. */
export function hearSpeech(state: UserSpeaking, voice: VoiceRun, speechMs: number, emit: Emit): UserSpeaking {
  const { policy } = state;
  const last = { lastVoicedAudioMs: voice.endMs, lastVoicedAtMs: voice.endAtMs };
  const before = state.userTurn ?? newUserTurn(voice, state.activeAtMs);
  const userTurn = judgedBy({ ...before, ...last, voicedMs: before.voicedMs + speechMs, endedAtMs: undefined }, voice);
  const heard: UserSpeaking = { ...state, userTurn, activeAtMs: Math.max(state.activeAtMs, voice.endAtMs) };
  // A recogniser that has just failed would be opened again with every window, so the turn waits for its end instead.
  if (userTurn.failure || openSegment(userTurn)) return heard;

  const undrafted = cancelDraft(heard, emit);
  const cut = cutUtterance(state, before, voice);
  if (cut) return { ...undrafted, ...retranscribe(undrafted, userTurn, cut, emit) };
  const utterance = state.nextUtterance;
  const heardBefore = userTurn.segments.length > 0 ? before.lastVoicedAudioMs : 0;
  const fromAudioMs = Math.max(voice.startMs - policy.preRollMs, heardBefore, 0);
  emit({ type: 'open_utterance', utterance, fromAudioMs });
  if (state.userTurn === undefined) emit({ type: 'set_timer', timer: 'audio_gap', delayMs: policy.audioGapMs });
  return {
    ...undrafted,
    userTurn: { ...userTurn, segments: [...userTurn.segments, newSegment(utterance, fromAudioMs)] },
    nextUtterance: utterance + 1,
  };
}

/** Sends an utterance that was ended too early to the recogniser once more, from its start and together with what follows. */
export function retranscribe(
  state: RunningState,
  userTurn: UserTurn,
  cut: SpokenSegment,
  emit: Emit,
): Pick<RunningState, 'drafts' | 'nextUtterance'> & { userTurn: UserTurn } {
  const utterance = state.nextUtterance;
  if (cut.stage !== 'final') emit({ type: 'discard_utterance', utterance: cut.utterance });
  emit({ type: 'open_utterance', utterance, fromAudioMs: cut.fromAudioMs });
  const again = newSegment(utterance, cut.fromAudioMs, cut.text);
  const segments = userTurn.segments.map((segment) => (segment.utterance === cut.utterance ? again : segment));
  return {
    userTurn: { ...userTurn, segments, repeatedUtterances: userTurn.repeatedUtterances + 1 },
    drafts: utteranceRepeated(state.drafts),
    nextUtterance: utterance + 1,
  };
}

/** Ends the utterance that takes audio, if there is one, and requests its final transcript. */
export function finaliseOpen(userTurn: UserTurn, emit: Emit): UserTurn {
  const open = openSegment(userTurn);
  if (open === undefined) return userTurn;
  emit({ type: 'finish_utterance', utterance: open.utterance });
  return withSegment(userTurn, open.utterance, { stage: 'finalising' });
}

/** Stops all work on a reply. If it was a draft, it is counted as cancelled. */
export function cancelReply<State extends RunningState>(state: State, reply: Reply, emit: Emit): State {
  emit({ type: 'cancel_reply', reply: reply.id });
  return isUnconfirmed(state) ? { ...state, drafts: draftCancelled(state.drafts, reply) } : state;
}

/** Cancels the draft, if there is one. */
export function cancelDraft(state: UserSpeaking, emit: Emit): UserSpeaking {
  return state.draft ? { ...cancelReply(state, state.draft, emit), draft: undefined } : state;
}

/** Prepares the answer to words that may not be the last ones of the turn. */
export function startDraft(state: UserSpeaking, userText: string, marks: TurnMarks, atMs: number, emit: Emit): UserSpeaking {
  const draft = startReply(state, { userText, speaker: state.speaker, marks, speculative: true }, atMs, emit);
  return { ...state, draft, nextReply: draft.id + 1, drafts: draftStarted(state.drafts) };
}

/** Sends a request to the language model. The number of the new reply is `state.nextReply`. */
function startReply(state: RunningState, request: ReplyRequest, atMs: number, emit: Emit): Reply {
  const id = state.nextReply;
  const { userText, speaker, speculative } = request;
  const messages = conversationMessages(state.policy.systemPrompt, state, labelled(userText, speaker));
  emit({ type: 'start_reply', reply: id, messages, speculative });
  const marks = withMark(request.marks, 'llm_request', atMs);
  return newReply(id, state.turn, { ...request, kind: 'model', splitter: newSplitter(), marks }, atMs);
}

type ReplyRequest = Pick<Reply, 'userText' | 'speaker' | 'marks' | 'speculative'>;

/** The user’s turn is over and its words are known: they are remembered and answered. */
export function answer(
  state: AiProcessing,
  userText: string,
  speaker: string | undefined,
  marks: TurnMarks,
  atMs: number,
  emit: Emit,
): AiProcessing {
  const reply = startReply(state, { userText, speaker, marks, speculative: false }, atMs, emit);
  const content = labelled(userText, speaker);
  return { ...remember(state, { role: 'user', content }), reply, nextReply: reply.id + 1, userTurn: undefined };
}

/** Drops what the user was saying: all utterances of the turn and its draft. */
export function abandonUserTurn(state: UserSpeaking, emit: Emit): UserSpeaking {
  discardUtterances(state.userTurn, emit);
  const abandoned: UserSpeaking = { ...cancelDraft(state, emit), userTurn: undefined };
  if (state.userTurn) emit({ type: 'clear_timer', timer: 'audio_gap' });
  return abandoned;
}

export function discardUtterances(userTurn: UserTurn | undefined, emit: Emit): void {
  for (const { utterance } of userTurn ? unfinished(userTurn) : []) emit({ type: 'discard_utterance', utterance });
}

/**
 * Interrupts the assistant and listens. The words of a turn whose transcript is still pending are carried over to the next turn, because
 * the user has only continued speaking. The same goes for what the user has said over the assistant.
 */
export function interrupt(state: AiProcessing | AiSpeaking, reason: InterruptionReason, atMs: number, emit: Emit): UserSpeaking {
  const stopped = withUnjudged(state.reply ? cancelReply(state, state.reply, emit) : state);
  const own = state.phase === 'AI_PROCESSING' ? wordsOfTurn(state, reason) : undefined;
  const over = wordsOverAssistant(state, atMs);
  const carriedOver = joinCarriedOver(own, over);
  leaveAnswer(state, emit);
  if (carriedOver) emit({ type: 'set_timer', timer: 'audio_gap', delayMs: state.policy.audioGapMs });
  if (own === undefined && state.phase === 'AI_PROCESSING') discardUtterances(state.userTurn, emit);
  if (over === undefined) discardUtterances(state.pendingInterruption?.userTurn, emit);
  const heard = heardOfAnswer(state, atMs);
  notifyHeard(state, heard, emit);
  emit({ type: 'notify', notification: { type: 'interrupted', turn: state.turn, reason } });
  const measured = state.reply && !isUnconfirmed(state) ? notifyMetrics(stopped, state.reply, emit, heard) : stopped;
  const said = saidInAnswer(state, atMs);
  return listen({ ...withHeard(measured, heard), said }, state.turn + 1, atMs, emit, carriedOver);
}

/** The reply is complete (`remembered`) or has failed, and it is the user’s turn again. */
export function complete(state: AiProcessing | AiSpeaking, remembered: boolean, atMs: number, emit: Emit): UserSpeaking {
  const carriedOver = wordsOverAssistant(state, atMs);
  leaveAnswer(state, emit);
  if (carriedOver) emit({ type: 'set_timer', timer: 'audio_gap', delayMs: state.policy.audioGapMs });
  else discardUtterances(state.pendingInterruption?.userTurn, emit);
  if (isPaused(state)) emit({ type: 'notify', notification: { type: 'paused', turn: state.turn, active: false } });
  if (state.phase === 'AI_SPEAKING' && state.ducked)
    emit({ type: 'notify', notification: { type: 'ducked', turn: state.turn, active: false } });
  const reply = state.reply;
  const measured = reply ? notifyMetrics(state, reply, emit) : state;
  const content = remembered ? (reply?.text.trim() ?? '') : '';
  const kept = content === '' ? measured : { ...remember(measured, { role: 'assistant', content }), wasRefused: false };
  // Nothing was said when the user’s own words had no effect.
  const activeAtMs = state.phase === 'AI_SPEAKING' ? atMs : state.activeAtMs;
  return listen({ ...kept, said: saidInAnswer(state, atMs) }, state.turn + 1, activeAtMs, emit, carriedOver);
}

/** Ends the conversation from any phase. */
export function end(state: RunningState, reason: EndReason, atMs: number, emit: Emit): Idle {
  const left = state.phase === 'USER_SPEAKING' ? abandonUserTurn(state, emit) : endAnswer(state, atMs, emit);
  emit({ type: 'clear_timer', timer: 'inactivity' });
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'IDLE', turn: state.turn } });
  emit({ type: 'notify', notification: { type: 'ended', reason, ...draftsToReport(left.drafts) } });
  emit({ type: 'end_session', reason });
  return { phase: 'IDLE', policy: state.policy, ended: reason };
}

/** Typed words that are interrupted before it was decided whether they are answered have been said all the same. */
function withUnjudged(state: AiProcessing | AiSpeaking): AiProcessing | AiSpeaking {
  if (state.phase === 'AI_SPEAKING' || state.userTurn || state.unjudgedText === undefined) return state;
  return { ...remember(state, { role: 'user', content: state.unjudgedText }), unjudgedText: undefined };
}

/** The time until which the listener has heard audio. A paused assistant is not heard. */
const heardUntilMs = (state: AiSpeaking, atMs: number): number => state.pendingInterruption?.pausedAtMs ?? atMs;

const saidInAnswer = (state: AiProcessing | AiSpeaking, atMs: number): LastSaid | undefined =>
  state.phase === 'AI_SPEAKING' && state.policy.speech ? lastSaid(state.reply, heardUntilMs(state, atMs)) : state.said;

/** The heard part of an answer that is being stopped. Undefined for an answer without a voice. */
const heardOfAnswer = (state: AiProcessing | AiSpeaking, atMs: number): string | undefined =>
  state.phase === 'AI_SPEAKING' && state.policy.speech ? heardSoFar(state.reply, heardUntilMs(state, atMs)) : undefined;

/** Sends the last text message of a stopped reply, which says how much of it was heard. */
function notifyHeard(state: AiProcessing | AiSpeaking, heardText: string | undefined, emit: Emit): void {
  if (state.phase !== 'AI_SPEAKING' || heardText === undefined) return;
  const final = { fullText: state.reply.text.trim(), heardText };
  emit({ type: 'notify', notification: { type: 'reply_text', turn: state.turn, text: '', final } });
}

function withHeard(state: AiProcessing | AiSpeaking, heard: string | undefined): AiProcessing | AiSpeaking {
  if (!heard || state.reply?.kind !== 'model' || state.policy.memoryOnInterruption === 'discard') return state;
  return remember(state, { role: 'assistant', content: `${heard} ${INTERRUPTED_MARK}` });
}

function endAnswer(state: AiProcessing | AiSpeaking, atMs: number, emit: Emit): RunningState {
  if (state.phase === 'AI_PROCESSING') discardUtterances(state.userTurn, emit);
  discardUtterances(state.pendingInterruption?.userTurn, emit);
  const stopped = state.reply ? cancelReply(state, state.reply, emit) : state;
  const heard = heardOfAnswer(state, atMs);
  notifyHeard(state, heard, emit);
  const measured = state.reply && !isUnconfirmed(state) ? notifyMetrics(stopped, state.reply, emit, heard) : stopped;
  leaveAnswer(state, emit);
  return measured;
}

const isPaused = (state: AiProcessing | AiSpeaking): boolean =>
  state.phase === 'AI_SPEAKING' && state.pendingInterruption?.pausedAtMs !== undefined;

function leaveAnswer(state: AiProcessing | AiSpeaking, emit: Emit): void {
  emit({ type: 'clear_timer', timer: 'stalled' });
  if (state.pendingInterruption?.dueAtMs !== undefined) emit({ type: 'clear_timer', timer: 'resume' });
  if (state.phase !== 'AI_SPEAKING') return;
  if (isPaused(state)) emit({ type: 'hold_audio', active: false });
  if (state.ducked) emit({ type: 'clear_timer', timer: 'audio_gap' });
  if (state.reply.audioFinished) emit({ type: 'clear_timer', timer: 'playback_overdue' });
  emit({ type: 'expect_echo', active: false });
}

/** Reports the times of the turn, once. */
function notifyMetrics<State extends RunningState>(state: State, reply: Reply, emit: Emit, heardText?: string): State {
  const { turn, marks, speculative } = reply;
  const drafts = draftsToReport(state.drafts);
  emit({
    type: 'notify',
    notification: {
      type: 'turn_measured',
      turn,
      marks: sinceUserFinished(marks),
      speculative,
      ...drafts,
      ...(heardText !== undefined && { heardText }),
    },
  });
  return { ...state, drafts: draftsReported(state.drafts) };
}
