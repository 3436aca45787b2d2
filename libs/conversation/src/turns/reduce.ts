import { beginSpeaking, endText, notifyText, settle, takeAudio, takeText } from './answering';
import { EMPTY_LEDGER } from './draft-counts';
import { type EndOfTurnHint, WORDS_END_OF_TURN } from './end-of-turn-hint';
import { failReply, failureIn } from './failing';
import { judgeTurn } from './judging';
import { changeTranscript, failTranscript, finishTranscript, hearWhileListening } from './listening';
import { recall } from '../memory/memory';
import { finishAudio, noteAudioSent, reportPlayback } from '../playout/playback';
import type { Reply } from './reply';
import { hearWhileAnswering, takeTranscriptWhileAnswering } from './talking-over';
import { limitCheckDelayMs } from './session-limit';
import { fireTimer } from './timers';
import { end, interrupt, listen } from './transitions';
import type { Emit, TurnEffect } from './turn-effect';
import type { TurnEvent } from './turn-event';
import {
  type AiProcessing,
  type AiSpeaking,
  type Idle,
  isUnconfirmed,
  type RunningState,
  type TurnState,
  type UserSpeaking,
} from './turn-state';
import { takeTyped } from './typing';
import { isOwnUtterance } from './user-turn';

export interface Decision {
  state: TurnState;
  /** The effects, to be performed in order. */
  effects: readonly TurnEffect[];
}

/**
 * The turn engine: it takes one event and returns the next state and the effects. It is pure: the same events give the same decisions, so
 * that a recorded conversation can be replayed. `hint` is used in adaptive turn-taking and must always give the same answer to the same
 * question.
 */
export function reduce(state: TurnState, event: TurnEvent, hint: EndOfTurnHint = WORDS_END_OF_TURN): Decision {
  const effects: TurnEffect[] = [];
  const emit: Emit = (effect) => effects.push(effect);
  const next = state.phase === 'IDLE' ? begin(state, event, emit) : proceed(state, event, hint, emit);
  return { state: next, effects };
}

function begin(state: Idle, event: TurnEvent, emit: Emit): TurnState {
  if (state.ended) return state;
  if (event.type === 'conversation_ended') {
    emit({ type: 'end_session', reason: event.reason });
    return { ...state, ended: event.reason };
  }
  if (event.type !== 'conversation_started') return state;
  const fresh: Omit<UserSpeaking, 'phase' | 'userTurn' | 'draft'> = {
    policy: state.policy,
    turn: (event.past?.turn ?? 0) + 1,
    memory: [],
    earlier: [],
    wasRefused: false,
    speaker: undefined,
    drafts: EMPTY_LEDGER,
    lag: 0,
    said: undefined,
    voice: undefined,
    heardAtMs: event.atMs,
    activeAtMs: event.atMs,
    startedAtMs: event.atMs,
    endingNotified: false,
    nextUtterance: 1,
    nextReply: 1,
  };
  emit({ type: 'set_timer', timer: 'inactivity', delayMs: limitCheckDelayMs(fresh, state.policy.inactivityTimeoutMs, event.atMs) });
  const begun: UserSpeaking = { ...recall(fresh, event.past), phase: 'USER_SPEAKING', userTurn: undefined, draft: undefined };
  return listen(begun, begun.turn, event.atMs, emit);
}

function proceed(state: RunningState, event: TurnEvent, hint: EndOfTurnHint, emit: Emit): TurnState {
  switch (event.type) {
    case 'conversation_started':
      return state;
    case 'conversation_ended':
      return end(state, event.reason, event.atMs, emit);
    case 'speaker_changed':
      return { ...state, speaker: event.speaker };
    case 'turn_judged':
      return judgeTurn(state, event, emit);
    case 'audio_heard':
      return state.phase === 'USER_SPEAKING' ? hearWhileListening(state, event, hint, emit) : hearWhileAnswering(state, event, emit);
    case 'transcript_changed':
      return isSaidWhileAnswering(state, event) ? takeTranscriptWhileAnswering(state, event, emit) : changeTranscript(state, event, emit);
    case 'transcript_finished':
      return isSaidWhileAnswering(state, event) ? takeTranscriptWhileAnswering(state, event, emit) : finishTranscript(state, event, emit);
    case 'transcription_failed':
      return isSaidWhileAnswering(state, event) ? takeTranscriptWhileAnswering(state, event, emit) : failTranscript(state, event, emit);
    case 'text_received':
      return takeTyped(state, event, emit);
    case 'interrupt_requested':
      return state.phase === 'USER_SPEAKING' ? state : interrupt(state, 'button', event.atMs, emit);
    case 'reply_text_produced':
    case 'reply_text_ended':
    case 'reply_audio_produced':
    case 'reply_audio_ended':
    case 'reply_failed':
    case 'audio_sent':
    case 'audio_finished':
      return proceedReply(state, event, emit);
    case 'playback_reported':
      return state.phase === 'AI_SPEAKING' ? reportPlayback(state, event, emit) : state;
    case 'timer_fired':
      return fireTimer(state, event, emit);
  }
}

/**
 * Whether the utterance belongs to what the user says during the assistant’s turn. Once the answer is spoken, all utterances of its turn
 * are over.
 */
const isSaidWhileAnswering = (state: RunningState, { utterance }: { utterance: number }): state is AiProcessing | AiSpeaking =>
  state.phase === 'AI_SPEAKING' || (state.phase === 'AI_PROCESSING' && isOwnUtterance(state.pendingInterruption?.userTurn, utterance));

type ReplyEvent = Extract<TurnEvent, { reply: number }>;

/** The only place where results of a past reply are dropped. */
function proceedReply(state: RunningState, event: ReplyEvent, emit: Emit): TurnState {
  const reply = state.phase === 'USER_SPEAKING' ? state.draft : state.reply;
  if (reply === undefined || reply.id !== event.reply || isBelated(reply, event)) return state;
  const failure = failureIn(reply, event);
  if (failure) return failReply(state, failure, emit);
  const changed = changeReply(reply, event, state.policy, isUnconfirmed(state), emit);
  if (state.phase === 'USER_SPEAKING') return { ...state, draft: changed };
  if (isUnconfirmed(state)) return { ...state, reply: changed };
  const speaking =
    state.phase === 'AI_SPEAKING'
      ? { ...state, reply: notifyText(changed, emit) }
      : firstWords({ ...state, reply: changed }, changed, emit);
  if (event.type === 'audio_finished' && speaking.phase === 'AI_SPEAKING') return finishAudio(speaking, event.atMs, emit);
  return settle(speaking, event.atMs, emit);
}

/** Whether the result belongs to a stage that has already ended: a duplicate, or a failure that no longer matters. */
function isBelated(reply: Reply, event: ReplyEvent): boolean {
  switch (event.type) {
    case 'reply_text_produced':
    case 'reply_text_ended':
      return reply.textEnded;
    case 'reply_audio_produced':
    case 'reply_audio_ended':
      return reply.audioEnded || !reply.speaking;
    case 'reply_failed':
      return event.stage === 'llm' ? reply.textEnded : reply.audioEnded;
    case 'audio_sent':
      return reply.audioFinished;
    case 'audio_finished':
      return reply.audioFinished || !reply.audioEnded;
  }
}

const firstWords = (state: Extract<RunningState, { phase: 'AI_PROCESSING' }>, reply: Reply, emit: Emit) =>
  reply.text === '' ? state : beginSpeaking(state, reply, emit);

function changeReply(reply: Reply, event: ReplyEvent, policy: RunningState['policy'], isDraft: boolean, emit: Emit): Reply {
  switch (event.type) {
    case 'reply_text_produced':
      return takeText(reply, event, policy.speech, emit);
    case 'reply_text_ended':
      return endText(reply, event.atMs, policy.speech, emit);
    case 'reply_audio_produced':
      return takeAudio(reply, event, isDraft, emit);
    case 'reply_audio_ended':
      if (!isDraft) emit({ type: 'finish_audio', reply: reply.id, turn: reply.turn });
      return { ...reply, audioEnded: true, spoken: { ...reply.spoken, ended: true }, progressAtMs: event.atMs };
    case 'audio_sent':
      return noteAudioSent(reply, event, policy.playerBufferMs);
    case 'audio_finished':
    case 'reply_failed':
      return reply;
  }
}
