import type { Emit } from './turn-effect';
import type { TurnEventOf, VoiceWindow } from './turn-event';
import type { EndOfTurnHint } from './end-of-turn-hint';
import { limitCheckDelayMs } from './session-limit';
import type { TurnPolicy } from './turn-policy';
import { type AiProcessing, running, type RunningState, type UserSpeaking } from './turn-state';
import { abandonUserTurn, discardUtterances, finaliseOpen, hearSpeech } from './transitions';
import { draftEarly, draftReply, cancelOutdatedDraft, ownText, partialGraceMs } from './drafting';
import { failAnswer } from './failing';
import { askForVerdict } from './judging';
import { lagAfter, lateFinalSilenceMs, partialsLag } from './partial-lag';
import {
  finalPart,
  hasAllFinals,
  hasTyped,
  isOwnUtterance,
  isUnsure,
  judgedBy,
  openSegment,
  unfinished,
  userText,
  type UserTurn,
  withSegment,
} from './user-turn';
import { followVoice, isCandidate } from './voice-run';

/** Handles the user’s turn, until its final transcript has arrived. */

export function hearWhileListening(state: UserSpeaking, event: TurnEventOf<'audio_heard'>, hint: EndOfTurnHint, emit: Emit): RunningState {
  const heard = event.window ? followWindow(state, event, event.window, emit) : { ...state, heardAtMs: event.atMs };
  return checkSilence(heard, event, hint, emit);
}

function followWindow(state: UserSpeaking, event: TurnEventOf<'audio_heard'>, window: VoiceWindow, emit: Emit): UserSpeaking {
  const countedMs = isCandidate(state.voice, state.policy) ? state.voice.speechMs : 0;
  const voice = followVoice(state.voice, event, window, state.policy);
  const heard: UserSpeaking = { ...state, voice, heardAtMs: event.atMs };
  if (!isCandidate(voice, state.policy)) return untilVoicedEnd(heard, event, window);
  if (voice.endMs === window.endMs) return untilVoicedEnd(hearSpeech(heard, voice, voice.speechMs - countedMs, emit), event, window);
  const userTurn = state.userTurn && judgedBy(state.userTurn, voice);
  return untilVoicedEnd({ ...heard, userTurn }, event, window);
}

/** Counts the silence from the last voiced sample, which the detector knows more precisely, and sometimes later, than its windows show. */
function untilVoicedEnd(state: UserSpeaking, event: TurnEventOf<'audio_heard'>, { voicedEndMs }: VoiceWindow): UserSpeaking {
  const { userTurn } = state;
  if (userTurn === undefined || voicedEndMs === undefined || voicedEndMs <= userTurn.startedAudioMs) return state;
  const lastVoicedAtMs = event.atMs - (event.audioMs - voicedEndMs);
  return { ...state, userTurn: { ...userTurn, lastVoicedAudioMs: voicedEndMs, lastVoicedAtMs } };
}

/** Checks the silence that ends a turn. After a first speech window it waits for the next one, which shows whether the user continues. */
function checkSilence(state: UserSpeaking, event: TurnEventOf<'audio_heard'>, hint: EndOfTurnHint, emit: Emit): RunningState {
  const { userTurn, policy, voice } = state;
  const { audioMs, atMs } = event;
  if (userTurn === undefined) return state;
  const isTooLong = userTurn.endedAtMs === undefined && audioMs - userTurn.startedAudioMs >= policy.maxUserTurnMs;
  if (isTooLong) return cutUserTurn(state, userTurn, atMs, emit);
  if (voice !== undefined && !isCandidate(voice, policy)) return state;
  const silenceMs = audioMs - userTurn.lastVoicedAudioMs;
  if (silenceMs >= requiredSilenceMs(userTurn, silenceMs, policy, hint)) {
    // Audio may arrive late, or faster than it was spoken. The voice ended at least as long ago as the silence lasts.
    const lastVoicedAtMs = Math.min(userTurn.lastVoicedAtMs, atMs - silenceMs);
    return endUserTurn(state, { ...userTurn, lastVoicedAtMs }, atMs, emit);
  }
  if (policy.draftAfterSilenceMs === undefined) return state;
  const lags = partialsLag(state);
  const finalAfterMs = lags
    ? lateFinalSilenceMs(state, userTurn, policy.draftAfterSilenceMs, audioMs)
    : policy.draftAfterSilenceMs + partialGraceMs(userTurn, policy);
  // A draft of words that are not all known yet would be useless.
  if (silenceMs < finalAfterMs) return lags ? state : draftEarly(state, event, hint, emit);
  const open = openSegment(userTurn);
  if (open === undefined) return state;
  const isEarly = silenceMs < policy.draftAfterSilenceMs;
  const finalising = finaliseOpen(withSegment(userTurn, open.utterance, { isEarly }), emit);
  const asked: UserSpeaking = { ...state, userTurn: finalising };
  return lags ? asked : draftReply(asked, finalising, atMs, emit);
}

function requiredSilenceMs(userTurn: UserTurn, silenceMs: number, policy: TurnPolicy, hint: EndOfTurnHint): number {
  const usualMs = policy.endOfTurnSilenceMs;
  const completeMs = Math.min(policy.adaptiveMinSilenceMs, usualMs);
  const unfinishedMs = Math.max(policy.adaptiveMaxSilenceMs, usualMs);
  if (policy.turnTaking === 'fixed' || silenceMs < completeMs) return usualMs;
  const wantedMs = hint.requiredSilenceMs(userText(userTurn), silenceMs, { completeMs, usualMs, unfinishedMs });
  return Number.isNaN(wantedMs) ? usualMs : Math.min(Math.max(wantedMs, completeMs), unfinishedMs);
}

/** Ends a turn at its maximum length, so that it is answered. A noise of that length has had enough time to show words. */
function cutUserTurn(state: UserSpeaking, userTurn: UserTurn, atMs: number, emit: Emit): RunningState {
  if (isUnsure(userTurn, state.policy) && ownText(state, userTurn) === '') return dropNoise(state, userTurn, atMs, emit);
  emit({ type: 'notify', notification: { type: 'turn_limit_reached', turn: state.turn } });
  return process(state, userTurn, atMs, emit);
}

/** The user’s turn is over. When the sound alone does not show that it was a turn, its words decide. */
export function endUserTurn(state: UserSpeaking, userTurn: UserTurn, atMs: number, emit: Emit): RunningState {
  const decides = isUnsure(userTurn, state.policy) && !hasTyped(userTurn);
  return decides ? endUnsureTurn(state, userTurn, atMs, emit) : process(state, userTurn, atMs, emit);
}

/**
 * A cough, or a word of similar length, is a turn if its final transcript has words. Until the transcript has arrived, the client is told
 * nothing, and more speech continues the turn. A recogniser that never answers counts as having heard nothing.
 */
function endUnsureTurn(state: UserSpeaking, userTurn: UserTurn, atMs: number, emit: Emit): RunningState {
  const { endedAtMs = atMs } = userTurn;
  const isLate = atMs - endedAtMs >= state.policy.stallTimeoutMs;
  if (!isLate && !hasAllFinals(userTurn)) return { ...state, userTurn: finaliseOpen({ ...userTurn, endedAtMs }, emit) };
  const known = finalPart(userTurn);
  if (ownText(state, known) === '') return dropNoise(state, userTurn, atMs, emit);
  discardUtterances(userTurn, emit);
  return process(state, known, atMs, emit);
}

/** The next frame decides a turn that waits for its words, unless the microphone has stopped sending frames. */
const isDueWithoutFrame = ({ heardAtMs, policy }: UserSpeaking, userTurn: UserTurn, atMs: number): boolean =>
  userTurn.endedAtMs !== undefined && atMs - heardAtMs >= policy.audioGapMs;

/** The sound was a turn. A draft that still matches is released; otherwise the final transcript is awaited. */
function process(state: UserSpeaking, userTurn: UserTurn, atMs: number, emit: Emit): RunningState {
  emit({ type: 'clear_timer', timer: 'audio_gap' });
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'AI_PROCESSING', turn: state.turn } });
  emit({ type: 'set_timer', timer: 'stalled', delayMs: state.policy.stallTimeoutMs });
  const finalising = { ...finaliseOpen(userTurn, emit), endedAtMs: undefined };
  const processing: AiProcessing = {
    ...running(state),
    voice: undefined,
    phase: 'AI_PROCESSING',
    userTurn: finalising,
    reply: state.draft,
    pendingInterruption: undefined,
    turnEndAtMs: atMs,
    unjudgedText: undefined,
  };
  return settleTranscript(processing, finalising, atMs, emit);
}

/** The sound was not speech, and is treated as if it had not been heard. */
function dropNoise(state: UserSpeaking, userTurn: UserTurn, atMs: number, emit: Emit): UserSpeaking {
  const dropped = abandonUserTurn(state, emit);
  if (userTurn.isShown) emit({ type: 'notify', notification: { type: 'transcript', turn: state.turn, text: '', isFinal: true } });
  const activeAtMs = userTurn.quietSinceMs;
  const leftMs = state.policy.inactivityTimeoutMs - (atMs - activeAtMs);
  emit({ type: 'set_timer', timer: 'inactivity', delayMs: limitCheckDelayMs(state, leftMs, atMs) });
  // What is heard after it does not belong to it.
  return { ...dropped, voice: isCandidate(state.voice, state.policy) ? undefined : state.voice, activeAtMs };
}

export function changeTranscript(state: UserSpeaking | AiProcessing, event: TurnEventOf<'transcript_changed'>, emit: Emit): RunningState {
  if (!isOwnUtterance(state.userTurn, event.utterance)) return state;
  const changed = withSegment(state.userTurn, event.utterance, { text: event.text });
  const text = userText(changed);
  const isNew = text !== '' && text !== userText(state.userTurn);
  if (isNew) emit({ type: 'notify', notification: { type: 'transcript', turn: state.turn, text, isFinal: false } });
  const userTurn = isNew ? { ...changed, isShown: true } : changed;
  const isEarly = state.phase === 'USER_SPEAKING' && openSegment(userTurn) !== undefined;
  return isEarly ? cancelOutdatedDraft({ ...state, userTurn }, userTurn, emit) : { ...state, userTurn };
}

export function finishTranscript(state: UserSpeaking | AiProcessing, event: TurnEventOf<'transcript_finished'>, emit: Emit): RunningState {
  if (!isOwnUtterance(state.userTurn, event.utterance)) return state;
  const asked = openSegment(state.userTurn)?.utterance !== event.utterance;
  const segment = unfinished(state.userTurn).find(({ utterance }) => utterance === event.utterance);
  const lag = segment && asked ? lagAfter(state.lag, segment, event.text) : state.lag;
  const userTurn: UserTurn = {
    ...withSegment(state.userTurn, event.utterance, { text: event.text, stage: 'final' }),
    finalAtMs: event.atMs,
  };
  if (state.phase === 'AI_PROCESSING') return settleTranscript({ ...state, userTurn, lag }, userTurn, event.atMs, emit);
  const finished: UserSpeaking = { ...state, userTurn, lag };
  if (isDueWithoutFrame(state, userTurn, event.atMs)) return endUserTurn(finished, userTurn, event.atMs, emit);
  return asked ? draftReply(finished, userTurn, event.atMs, emit) : cancelOutdatedDraft(finished, userTurn, emit);
}

export function failTranscript(state: UserSpeaking | AiProcessing, event: TurnEventOf<'transcription_failed'>, emit: Emit): RunningState {
  if (!isOwnUtterance(state.userTurn, event.utterance)) return state;
  const userTurn: UserTurn = { ...withSegment(state.userTurn, event.utterance, { stage: 'final' }), failure: event.reason };
  if (state.phase === 'AI_PROCESSING') return settleTranscript({ ...state, userTurn }, userTurn, event.atMs, emit);
  const failed: UserSpeaking = { ...state, userTurn };
  return isDueWithoutFrame(state, userTurn, event.atMs) ? endUserTurn(failed, userTurn, event.atMs, emit) : failed;
}

/** The final transcript has taken too long. Typed words are answered without it. */
export function giveUpTranscript(state: AiProcessing, atMs: number, emit: Emit): RunningState {
  const { userTurn } = state;
  if (userTurn === undefined || !hasTyped(userTurn)) return failAnswer(state, 'stt', 'timeout', atMs, emit);
  discardUtterances(userTurn, emit);
  emit({ type: 'set_timer', timer: 'stalled', delayMs: state.policy.stallTimeoutMs });
  const segments = userTurn.segments.map((segment) => ({ ...segment, stage: 'final' as const }));
  return settleTranscript(state, { ...userTurn, segments, failure: 'timeout' }, atMs, emit);
}

/**
 * The last final transcript of an ended turn has arrived. When the recogniser has failed, typed words are answered together with the last
 * partial transcript.
 */
function settleTranscript(state: AiProcessing, userTurn: UserTurn, atMs: number, emit: Emit): RunningState {
  if (!hasAllFinals(userTurn)) return state;
  const { failure } = userTurn;
  if (failure && !hasTyped(userTurn)) return failAnswer(state, 'stt', failure, atMs, emit);
  return askForVerdict({ ...state, userTurn }, ownText(state, userTurn), atMs, emit);
}
