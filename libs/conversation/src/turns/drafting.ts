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
 * Replies that are prepared before the user's turn has ended, first to the words as the recogniser has them so far. Whatever is drafted when,
 * nothing of it is told or sent before the final transcript has said the same words.
 */

/** So much silence behind words that are complete: less is within a sound. */
const COMPLETE_SILENCE_MS = 64;
/** And behind words of which one cannot tell: less is within a word ("po-tato"). */
const OPEN_SILENCE_MS = 120;

/**
 * The silence is still running: prepare the answer to the words as they are known. First to the last partial, while the recogniser
 * finalises; a final that says something else starts it again.
 */
export function draftReply(state: UserSpeaking, userTurn: UserTurn, atMs: number, emit: Emit): UserSpeaking {
  if (!mayBeDrafted(state, userTurn) || !isHeard(userTurn)) return state;
  const text = ownText(state, userTurn);
  if (state.draft && sameWords(state.draft.userText, text)) return state;
  const undrafted = cancelDraft(state, emit);
  return text === '' ? undrafted : startDraft(undrafted, text, spokenMarks(userTurn), atMs, emit);
}

/**
 * With every frame before the silence that ends the utterance: begins a draft as soon as the words seem to be all, and gives it up for speech
 * that goes on. The tail of a word is no such speech; other words are (`dropUntrueDraft`).
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
 * A recogniser brings its words every quarter of a second or so. One that has brought none in this silence is not asked to finalise yet: the
 * last words come sooner with its next partial than with a final.
 */
export function partialGraceMs(userTurn: UserTurn, policy: TurnPolicy): number {
  const { text, sinceAudioMs } = userTurn.words;
  const isFresh = text !== userText(userTurn) || sinceAudioMs - userTurn.lastVoicedAudioMs >= COMPLETE_SILENCE_MS;
  return policy.maxEarlyDrafts === 0 || text === '' || isFresh ? 0 : policy.partialGraceMs;
}

/** The words have changed: a draft that answers others has come to nothing. */
export function dropUntrueDraft(state: UserSpeaking, userTurn: UserTurn, emit: Emit): UserSpeaking {
  return state.draft && !sameWords(state.draft.userText, ownText(state, userTurn)) ? cancelDraft(state, emit) : state;
}

/** The user's words; only what was typed where the recogniser has found no word, or the microphone has only heard the assistant. */
export function ownText({ said }: RunningState, userTurn: UserTurn): string {
  const spoken = spokenText(userTurn);
  return saysSomething(spoken) && !isEcho(userTurn, spoken, said) ? userText(userTurn) : typedText(userTurn);
}

const mayBeDrafted = ({ policy }: UserSpeaking, userTurn: UserTurn): boolean =>
  policy.draftAfterSilenceMs !== undefined && !userTurn.failure;

/** The same words are tried once: what has failed, or what speech has gone on behind, waits for the silence. */
const mayBeDraftedEarly = ({ policy }: UserSpeaking, userTurn: UserTurn): boolean =>
  userTurn.early.tries < policy.maxEarlyDrafts &&
  userTurn.voicedMs <= policy.earlyDraftMaxSpeechMs &&
  hasWords(userTurn) &&
  !sameWords(userTurn.words.text, userTurn.early.text);

/** Notes when the words have become what they are. */
function followWords(userTurn: UserTurn, audioMs: number): UserTurn {
  const text = userText(userTurn);
  return text === userTurn.words.text ? userTurn : { ...userTurn, words: { text, sinceAudioMs: audioMs } };
}

/** Behind words that are complete a little silence says that they are all, or that they stay as they are; others take more silence. */
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
