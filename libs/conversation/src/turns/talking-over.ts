import { isBackChannel } from '../text/back-channels';
import { isEcho, lastSaid } from './echo';
import { draftReply } from './drafting';
import { saysSomething } from '../playout/heard-text';
import { cutUtterance } from './partial-lag';
import { afterPause, playbackCheckDelayMs } from '../playout/playout';
import { discardUtterances, finaliseOpen, retranscribe, interrupt } from './transitions';
import type { Emit } from './turn-effect';
import type { TurnEventOf, VoiceWindow } from './turn-event';
import type { AiProcessing, AiSpeaking, PendingInterruption, RunningState } from './turn-state';
import {
  finalPart,
  hasAllFinals,
  isOwnUtterance,
  judgedBy,
  newSegment,
  newUserTurn,
  openSegment,
  type Segment,
  type SpokenSegment,
  unfinished,
  userText,
  type UserTurn,
  withSegment,
} from './user-turn';
import { followVoice, hasNewSpeech, voiceAfter, isCandidate, isConfirmed, type VoiceRun } from './voice-run';

/**
 * Handles user speech during the assistant’s turn. In the `immediate` mode, possible speech lowers the volume and confirmed speech
 * interrupts. In the `resumable` mode, possible speech is transcribed from the start, confirmed speech only pauses the assistant, and the
 * words decide. In both modes, speech that ends before it is confirmed is a cough or a short word: its words decide, while the assistant
 * speaks on at the lowered volume.
 */

/** After this much silence the words of the user who has paused the assistant are requested. Shorter gaps lie within a word ("uh-huh"). */
const QUIET_MS = 160;
/**
 * A partial transcript with fewer words may still change (the first partial of "okay" was "milk"), so it waits for the final transcript.
 */
const SURE_WORDS = 2;
/** How long the recogniser may take for words that it was asked for while the assistant is paused. */
const FINAL_WAIT_MS = 400;
/** How long the recogniser may take when the assistant was not paused, so that nobody waits in silence. */
const UNPAUSED_WAIT_MS = 1_500;

type Answering = AiProcessing | AiSpeaking;

/** Handles audio during the assistant’s turn, when the user may be interrupting. */
export function hearWhileAnswering(state: Answering, event: TurnEventOf<'audio_heard'>, emit: Emit): RunningState {
  if (event.window === undefined) return { ...state, heardAtMs: event.atMs };
  const { policy } = state;
  const voice = followVoice(state.voice, event, event.window, policy);
  const heard = { ...state, voice, heardAtMs: event.atMs };
  // A reply of which nothing was heard yet cannot be paused.
  const resumable = policy.interruptionMode === 'resumable' && heard.phase === 'AI_SPEAKING' && heard.reply.playout.sentMs > 0;
  if (resumable) return hearPendingInterruption(heard, state.voice, event, event.window, emit);
  if (isConfirmed(voice, policy)) return interrupt(heard, 'speech', event.atMs, emit);
  if (isCandidate(voice, policy)) return duck(heard, true, emit);
  return isCandidate(state.voice, policy) ? askAfterUnconfirmed(heard, state.voice, event.atMs, emit) : heard;
}

/** Speech has ended without being confirmed. It is sent to the recogniser if it was not yet, and its words are requested. */
function askAfterUnconfirmed(state: Answering, over: VoiceRun, atMs: number, emit: Emit): Answering {
  const userTurn = state.phase === 'AI_PROCESSING' ? state.userTurn : undefined;
  const cut = userTurn && cutUtterance(state, userTurn, over);
  if (state.phase === 'AI_PROCESSING' && userTurn && cut && hasNewSpeech(over, state.policy))
    return retranscribeWord(state, userTurn, cut, over, emit);
  const taken = transcribePossibleSpeech({ ...state, voice: over }, emit);
  const asked = taken.pendingInterruption ? askForWords(taken, taken.pendingInterruption, atMs, emit) : taken;
  return { ...asked, voice: state.voice };
}

/** The rest of a word that the end of the turn has cut in two. The recogniser hears the word as a whole, and the turn waits for it. */
function retranscribeWord(state: AiProcessing, userTurn: UserTurn, cut: SpokenSegment, over: VoiceRun, emit: Emit): AiProcessing {
  const last = { lastVoicedAudioMs: over.endMs, lastVoicedAtMs: over.endAtMs };
  const longer = { ...judgedBy(userTurn, over), ...last, voicedMs: userTurn.voicedMs + over.endMs - over.startMs };
  const again = retranscribe(state, longer, cut, emit);
  return { ...state, ...again, unjudgedText: undefined, userTurn: finaliseOpen(again.userTurn, emit) };
}

/** Has the recogniser transcribe what is being said, whatever it is. */
export function transcribePossibleSpeech<State extends Answering>(state: State, emit: Emit): State {
  const { voice, policy, pendingInterruption } = state;
  const isOpen = pendingInterruption && openSegment(pendingInterruption.userTurn);
  return !isOpen && isCandidate(voice, policy) && hasNewSpeech(voice, policy) ? openPendingInterruption(state, voice, emit) : state;
}

/** Lowers or restores the assistant’s volume. The `audio_gap` timer restores it when the microphone stops sending. */
export function duck<State extends Answering>(state: State, active: boolean, emit: Emit): State {
  if (state.phase !== 'AI_SPEAKING' || state.ducked === active || (active && state.reply.playout.sentMs === 0)) return state;
  if (active) emit({ type: 'set_timer', timer: 'audio_gap', delayMs: state.policy.audioGapMs });
  else emit({ type: 'clear_timer', timer: 'audio_gap' });
  emit({ type: 'notify', notification: { type: 'ducked', turn: state.turn, active } });
  return { ...state, ducked: active };
}

/** The sound had no effect: the volume is restored, and a paused assistant continues. */
export function dismissInterruption(state: Answering, atMs: number, emit: Emit): Answering {
  const { pendingInterruption } = state;
  if (pendingInterruption === undefined) return duck(state, false, emit);
  for (const { utterance } of unfinished(pendingInterruption.userTurn)) emit({ type: 'discard_utterance', utterance });
  const { pausedAtMs, dueAtMs } = pendingInterruption;
  if (dueAtMs !== undefined) emit({ type: 'clear_timer', timer: 'resume' });
  const resumed = pausedAtMs === undefined || state.phase !== 'AI_SPEAKING' ? state : resume(state, pausedAtMs, atMs, emit);
  // Speech whose words were judged does not count any more. Only speech after it does.
  const voice = pausedAtMs === undefined ? state.voice : voiceAfter(state.voice, pendingInterruption.userTurn.lastVoicedAudioMs);
  return duck({ ...resumed, voice, pendingInterruption: undefined }, false, emit);
}

function resume(state: AiSpeaking, pausedAtMs: number, atMs: number, emit: Emit): AiSpeaking {
  const reply = afterPause(state.reply, pausedAtMs, atMs);
  emit({ type: 'hold_audio', active: false });
  emit({ type: 'notify', notification: { type: 'paused', turn: state.turn, active: false } });
  if (reply.audioFinished) emit({ type: 'set_timer', timer: 'playback_overdue', delayMs: playbackCheckDelayMs(reply, atMs) });
  return { ...state, reply };
}

function hearPendingInterruption(
  state: AiSpeaking,
  before: VoiceRun | undefined,
  event: TurnEventOf<'audio_heard'>,
  window: VoiceWindow,
  emit: Emit,
): RunningState {
  const { voice, policy, pendingInterruption } = state;
  const countedMs = pendingInterruption && isCandidate(before, policy) ? before.speechMs : 0;
  if (pendingInterruption?.pausedAtMs === undefined) {
    if (!isCandidate(voice, policy)) return isCandidate(before, policy) ? askAfterUnconfirmed(state, before, event.atMs, emit) : state;
    const isOpen = pendingInterruption && openSegment(pendingInterruption.userTurn);
    const heard = isOpen ? countSpeech(state, pendingInterruption, voice, countedMs, window) : openPendingInterruption(state, voice, emit);
    return isConfirmed(voice, policy) ? pause(heard, event.atMs, emit) : heard;
  }
  const heard = isCandidate(voice, policy) ? countSpeech(state, pendingInterruption, voice, countedMs, window) : state;
  return finishWhenQuiet(heard, event, emit);
}

/** Opens an utterance for the user’s speech from its first syllable. It continues speech whose words are still pending. */
function openPendingInterruption<State extends Answering>(state: State, voice: VoiceRun, emit: Emit): State {
  const { pendingInterruption, policy, nextUtterance: utterance } = state;
  const ducked = duck(state, true, emit);
  const own = state.phase === 'AI_PROCESSING' ? state.userTurn : undefined;
  // When the recogniser has failed before it had any words, another one is opened.
  const isLost = pendingInterruption?.userTurn.failure !== undefined && userText(pendingInterruption.userTurn) === '';
  if (isLost) discardUtterances(pendingInterruption.userTurn, emit);
  const before = isLost ? undefined : pendingInterruption?.userTurn;
  const heardBefore = (before ?? own)?.lastVoicedAudioMs ?? 0;
  const fromAudioMs = Math.max(voice.startMs - policy.preRollMs, heardBefore, 0);
  emit({ type: 'open_utterance', utterance, fromAudioMs });
  const begun = before ?? newUserTurn(voice, state.activeAtMs);
  const userTurn: UserTurn = {
    ...begun,
    segments: [...begun.segments, newSegment(utterance, fromAudioMs)],
    voicedMs: begun.voicedMs + voice.speechMs,
    isSure: begun.isSure || voice.isSure,
    lastVoicedAudioMs: voice.endMs,
    lastVoicedAtMs: voice.endAtMs,
  };
  return {
    ...ducked,
    nextUtterance: utterance + 1,
    pendingInterruption: { userTurn, pausedAtMs: pendingInterruption?.pausedAtMs, dueAtMs: pendingInterruption?.dueAtMs },
  };
}

/** Speech after the words were requested belongs to what comes next. */
function countSpeech(
  state: AiSpeaking,
  pendingInterruption: PendingInterruption,
  voice: VoiceRun,
  countedMs: number,
  window: VoiceWindow,
): AiSpeaking {
  if (openSegment(pendingInterruption.userTurn) === undefined) return state;
  const userTurn = judgedBy(pendingInterruption.userTurn, voice);
  if (voice.endMs !== window.endMs)
    return userTurn === pendingInterruption.userTurn ? state : { ...state, pendingInterruption: { ...pendingInterruption, userTurn } };
  const last = { lastVoicedAudioMs: voice.endMs, lastVoicedAtMs: voice.endAtMs };
  const voicedMs = userTurn.voicedMs + Math.max(0, voice.speechMs - countedMs);
  return { ...state, pendingInterruption: { ...pendingInterruption, userTurn: { ...userTurn, ...last, voicedMs } } };
}

/** The speech is confirmed: the assistant is paused, and words are awaited. */
function pause(state: AiSpeaking, atMs: number, emit: Emit): RunningState {
  const { pendingInterruption, policy } = state;
  if (pendingInterruption === undefined) return state;
  emit({ type: 'notify', notification: { type: 'paused', turn: state.turn, active: true } });
  emit({ type: 'hold_audio', active: true });
  emit({ type: 'set_timer', timer: 'resume', delayMs: policy.resumeWaitMs });
  return judge(
    { ...state, pendingInterruption: { ...pendingInterruption, pausedAtMs: atMs, dueAtMs: atMs + policy.resumeWaitMs } },
    atMs,
    emit,
  );
}

function finishWhenQuiet(state: AiSpeaking, { audioMs, atMs }: TurnEventOf<'audio_heard'>, emit: Emit): AiSpeaking {
  const { pendingInterruption } = state;
  const quiet = pendingInterruption && audioMs - pendingInterruption.userTurn.lastVoicedAudioMs >= QUIET_MS;
  return quiet ? askForWords(state, pendingInterruption, atMs, emit) : state;
}

/** The speech has ended, so the recogniser is asked for its words now. */
function askForWords<State extends Answering>(state: State, pendingInterruption: PendingInterruption, atMs: number, emit: Emit): State {
  const open = openSegment(pendingInterruption.userTurn);
  if (open === undefined) return state;
  emit({ type: 'finish_utterance', utterance: open.utterance });
  const waitMs = pendingInterruption.pausedAtMs === undefined ? UNPAUSED_WAIT_MS : FINAL_WAIT_MS;
  const dueAtMs = Math.max(pendingInterruption.dueAtMs ?? 0, atMs + waitMs);
  const userTurn = withSegment(pendingInterruption.userTurn, open.utterance, { stage: 'finalising' });
  emit({ type: 'set_timer', timer: 'resume', delayMs: dueAtMs - atMs });
  return { ...state, pendingInterruption: { ...pendingInterruption, userTurn, dueAtMs } };
}

/** Transcripts of what the user says during the assistant’s turn, or the failure of the recogniser. */
export function takeTranscriptWhileAnswering(
  state: Answering,
  event: TurnEventOf<'transcript_changed' | 'transcript_finished' | 'transcription_failed'>,
  emit: Emit,
): RunningState {
  const { pendingInterruption } = state;
  if (pendingInterruption === undefined || !isOwnUtterance(pendingInterruption.userTurn, event.utterance)) return state;
  const heard = withSegment(pendingInterruption.userTurn, event.utterance, segmentAfter(event));
  const userTurn: UserTurn = {
    ...heard,
    ...(event.type === 'transcript_finished' && { finalAtMs: event.atMs }),
    ...(event.type === 'transcription_failed' && { failure: event.reason }),
  };
  const changed: Answering = { ...state, pendingInterruption: { ...pendingInterruption, userTurn } };
  // Speech that continues may still be confirmed.
  return pendingInterruption.pausedAtMs === undefined && openSegment(userTurn) ? changed : judge(changed, event.atMs, emit);
}

function segmentAfter(event: TurnEventOf<'transcript_changed' | 'transcript_finished' | 'transcription_failed'>): Partial<Segment> {
  switch (event.type) {
    case 'transcript_changed':
      return { text: event.text };
    case 'transcript_finished':
      return { text: event.text, stage: 'final' };
    case 'transcription_failed':
      return { stage: 'final' };
  }
}

/** Decides by the words known so far: words that take the turn interrupt, and final words that do not let the assistant continue. */
function judge(state: Answering, atMs: number, emit: Emit): RunningState {
  const { pendingInterruption } = state;
  if (pendingInterruption === undefined) return state;
  const { userTurn } = pendingInterruption;
  const text = userText(userTurn);
  const isSure = hasAllFinals(userTurn) || text.split(/\s+/u).length >= SURE_WORDS;
  if (isSure && isInterruption(state, text, atMs)) return acceptInterruption(state, atMs, emit);
  // During a pause, a new recogniser may still hear a voice that continues.
  const isOver = hasAllFinals(userTurn) && (!userTurn.failure || pendingInterruption.pausedAtMs === undefined);
  return isOver ? dismissInterruption(state, atMs, emit) : state;
}

/** Whether the words take the turn: they are not an echo of the assistant and, in the resumable mode, not a back-channel. */
function isInterruption(state: Answering, text: string, atMs: number): boolean {
  const { policy, pendingInterruption, said } = state;
  if (!saysSomething(text)) return false;
  if (policy.interruptionMode === 'resumable' && isBackChannel(text, policy.backChannels)) return false;
  if (pendingInterruption === undefined) return true;
  // The echo of the last answer may arrive when the next turn has already begun.
  const heard = state.phase === 'AI_SPEAKING' ? [lastSaid(state.reply, pendingInterruption.pausedAtMs ?? atMs), said] : [said];
  return !heard.some((own) => isEcho(pendingInterruption.userTurn, text, own));
}

function acceptInterruption(state: Answering, atMs: number, emit: Emit): RunningState {
  const listening = interrupt(state, 'speech', atMs, emit);
  const { userTurn, turn } = listening;
  const text = userTurn ? userText(userTurn) : '';
  if (userTurn === undefined || text === '') return listening;
  emit({ type: 'notify', notification: { type: 'transcript', turn, text, isFinal: false } });
  const shown = { ...userTurn, isShown: true };
  return draftReply({ ...listening, userTurn: shown }, shown, atMs, emit);
}

/** Speech that was never confirmed and has been awaited for long enough: only final words count. */
function settleUnconfirmed(state: Answering, pendingInterruption: PendingInterruption, atMs: number, emit: Emit): RunningState {
  const userTurn = finalPart(pendingInterruption.userTurn);
  const known = { ...state, pendingInterruption: { ...pendingInterruption, userTurn } };
  if (!isInterruption(known, userText(userTurn), atMs)) return dismissInterruption(state, atMs, emit);
  discardUtterances(pendingInterruption.userTurn, emit);
  return acceptInterruption(known, atMs, emit);
}

/**
 * Words have been awaited for long enough. A voice that still speaks without any words interrupts: some recognisers return nothing before
 * the end, and no back-channel lasts that long.
 */
export function checkPause(state: Answering, atMs: number, emit: Emit): RunningState {
  const { pendingInterruption, voice, policy } = state;
  if (pendingInterruption?.dueAtMs === undefined) return state;
  const leftMs = pendingInterruption.dueAtMs - atMs;
  if (leftMs > 0) {
    emit({ type: 'set_timer', timer: 'resume', delayMs: leftMs });
    return state;
  }
  if (pendingInterruption.pausedAtMs === undefined) return settleUnconfirmed(state, pendingInterruption, atMs, emit);
  const { userTurn } = pendingInterruption;
  const speaks = isCandidate(voice, policy) && atMs - voice.endAtMs < QUIET_MS;
  const text = userText(userTurn);
  if (speaks && (text === '' || isInterruption(state, text, atMs))) return acceptInterruption(state, atMs, emit);
  // The silence was too short so far to request the words.
  if (!speaks && openSegment(userTurn) && !userTurn.failure) return askForWords(state, pendingInterruption, atMs, emit);
  return isInterruption(state, text, atMs) ? acceptInterruption(state, atMs, emit) : dismissInterruption(state, atMs, emit);
}
