import { isEcho } from './echo';
import type { EndOfTurnHint } from './end-of-turn-hint';
import { saysSomething } from '../playout/heard-text';
import { cancelDraft, startDraft } from './transitions';
import type { Emit } from './turn-effect';
import type { TurnEventOf } from './turn-event';
import type { TurnPolicy } from './turn-policy';
import type { RunningState, UserSpeaking } from './turn-state';
import { hasWords, isHeard, openSegment, sameWords, spokenMarks, spokenText, typedText, userText, type UserTurn } from './user-turn';

/**
 * Drafts are replies that are prepared before the user’s turn has ended, at first for the words recognised so far. Nothing of a draft is
 * reported or sent before the final transcript has confirmed its words.
 */

/** The silence after complete words that starts a draft. A shorter silence may lie within a sound. */
const COMPLETE_SILENCE_MS = 64;
/** The silence after words that may be incomplete. A shorter silence may lie within a word ("po-tato"). */
const OPEN_SILENCE_MS = 120;

/**
 * Prepares the answer to the known words while the silence is still running: first to the last partial transcript, while the recogniser
 * finalises. A final transcript with other words starts the draft again.
 */
export function draftReply(state: UserSpeaking, userTurn: UserTurn, atMs: number, emit: Emit): UserSpeaking {
  if (!mayBeDrafted(state, userTurn) || !isHeard(userTurn)) return state;
  const text = ownText(state, userTurn);
  if (state.draft && sameWords(state.draft.userText, text)) return state;
  const undrafted = cancelDraft(state, emit);
  return text === '' ? undrafted : startDraft(undrafted, text, spokenMarks(userTurn), atMs, emit);
}

/**
 * Called for every frame before the silence that ends the utterance. Starts a draft as soon as the words seem to be complete, and cancels
 * it when speech continues. The fading end of a word does not count as speech, but changed words also cancel the draft
 * (`cancelOutdatedDraft`).
 */
export function draftEarly(state: UserSpeaking, heard: TurnEventOf<'audio_heard'>, hint: EndOfTurnHint, emit: Emit): UserSpeaking {
  const { policy } = state;
  if (policy.maxEarlyDrafts === 0 || state.userTurn === undefined || openSegment(state.userTurn) === undefined) return state;
  const userTurn = followWords(state.userTurn, heard.audioMs);
  const followed = { ...state, userTurn };
  if (state.draft) return userTurn.voicedMs - userTurn.early.voicedMs >= policy.interruptConfirmMs ? cancelDraft(followed, emit) : followed;
  if (!mayBeDrafted(state, userTurn) || !mayBeDraftedEarly(state, userTurn) || !seemsAll(followed, userTurn, heard.audioMs, hint))
    return followed;
  const text = ownText(state, userTurn);
  if (text === '') return followed;
  const early = { tries: userTurn.early.tries + 1, text, voicedMs: userTurn.voicedMs };
  return startDraft({ ...state, userTurn: { ...userTurn, early } }, text, spokenMarks(userTurn), heard.atMs, emit);
}

/**
 * The additional time for a recogniser before it is asked to finalise. Partial transcripts arrive about every quarter of a second; when
 * none has arrived during this silence, the last words come sooner with the next partial than with a final.
 */
export function partialGraceMs(userTurn: UserTurn, policy: TurnPolicy): number {
  const { text, sinceAudioMs } = userTurn.words;
  const isFresh = text !== userText(userTurn) || sinceAudioMs - userTurn.lastVoicedAudioMs >= COMPLETE_SILENCE_MS;
  return policy.maxEarlyDrafts === 0 || text === '' || isFresh ? 0 : policy.partialGraceMs;
}

/** Cancels a draft whose words differ from the current ones. */
export function cancelOutdatedDraft(state: UserSpeaking, userTurn: UserTurn, emit: Emit): UserSpeaking {
  return state.draft && !sameWords(state.draft.userText, ownText(state, userTurn)) ? cancelDraft(state, emit) : state;
}

/** The words of the user. Only the typed words count when nothing was recognised, or when the microphone only picked up the assistant. */
export function ownText({ said }: RunningState, userTurn: UserTurn): string {
  const spoken = spokenText(userTurn);
  return saysSomething(spoken) && !isEcho(userTurn, spoken, said) ? userText(userTurn) : typedText(userTurn);
}

const mayBeDrafted = ({ policy }: UserSpeaking, userTurn: UserTurn): boolean =>
  policy.draftAfterSilenceMs !== undefined && !userTurn.failure;

/** The same words are tried only once. After a failure, or when speech continued, they wait for the ordinary silence. */
const mayBeDraftedEarly = ({ policy }: UserSpeaking, userTurn: UserTurn): boolean =>
  userTurn.early.tries < policy.maxEarlyDrafts &&
  userTurn.voicedMs <= policy.earlyDraftMaxSpeechMs &&
  hasWords(userTurn) &&
  !sameWords(userTurn.words.text, userTurn.early.text);

/** Records when the words last changed. */
function followWords(userTurn: UserTurn, audioMs: number): UserTurn {
  const text = userText(userTurn);
  return text === userTurn.words.text ? userTurn : { ...userTurn, words: { text, sinceAudioMs: audioMs } };
}

/** Complete words need only a short silence, or to stay unchanged for a while. Other words need a longer silence. */
function seemsAll({ policy }: UserSpeaking, userTurn: UserTurn, audioMs: number, hint: EndOfTurnHint): boolean {
  const { text, sinceAudioMs } = userTurn.words;
  const silenceMs = audioMs - userTurn.lastVoicedAudioMs;
  const isStable = audioMs - sinceAudioMs >= policy.earlyDraftStableMs;
  if (silenceMs < COMPLETE_SILENCE_MS && !isStable) return false;
  const unfinishedMs = policy.draftAfterSilenceMs ?? policy.endOfTurnSilenceMs;
  const completeMs = Math.min(COMPLETE_SILENCE_MS, unfinishedMs);
  const bounds = { completeMs, usualMs: Math.min(OPEN_SILENCE_MS, unfinishedMs), unfinishedMs };
  const wantedMs = hint.requiredSilenceMs(text, silenceMs, bounds);
  return silenceMs >= wantedMs || (isStable && wantedMs <= completeMs);
}
