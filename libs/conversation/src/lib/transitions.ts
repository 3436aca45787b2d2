import { conversationMessages, remember } from './memory';
import { newReply, type Reply } from './reply';
import { newSplitter } from './sentence-splitter';
import type { Emit } from './turn-effect';
import type { EndReason, InterruptionReason } from './turn-event';
import { sinceSpeechEnd, type TurnMarks, withMark } from './turn-marks';
import type { AiProcessing, AiSpeaking, Idle, RunningState, UserSpeaking } from './turn-state';
import { isUnconfirmed, running } from './turn-state';
import { openSegment, unfinished, type UserTurn } from './user-turn';
import { isCandidate, type VoiceRun } from './voice-run';

/** Every way from one phase to another. Each cancels what the phase leaves behind, exactly once. */

/** Waits for the user's next words, or takes up those that are being spoken already. */
export function listen(state: RunningState, turn: number, activeAtMs: number, emit: Emit, carriedOver?: UserTurn): UserSpeaking {
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'USER_SPEAKING', turn } });
  const listening: UserSpeaking = {
    ...running(state),
    phase: 'USER_SPEAKING',
    turn,
    userTurn: carriedOver,
    draft: undefined,
    activeAtMs,
  };
  const { voice, policy } = listening;
  return isCandidate(voice, policy) ? hearSpeech(listening, voice, voice.speechMs, emit) : listening;
}

/** Speech of the user's turn: opens an utterance unless one is open, and cancels a draft that it makes untrue. */
export function hearSpeech(state: UserSpeaking, voice: VoiceRun, speechMs: number, emit: Emit): UserSpeaking {
  const { policy } = state;
  const last = { lastVoicedAudioMs: voice.endMs, lastVoicedAtMs: voice.endAtMs };
  const before: UserTurn = state.userTurn ?? {
    segments: [],
    voicedMs: 0,
    startedAudioMs: voice.startMs,
    ...last,
    quietSinceMs: state.activeAtMs,
    finalAtMs: undefined,
    failure: undefined,
  };
  const userTurn: UserTurn = { ...before, ...last, voicedMs: before.voicedMs + speechMs };
  const heard: UserSpeaking = { ...state, userTurn, activeAtMs: Math.max(state.activeAtMs, voice.endAtMs) };
  // A recogniser that has just failed would be opened again with every window: the turn waits for its end instead.
  if (userTurn.failure || openSegment(userTurn)) return heard;

  if (state.draft) emit({ type: 'cancel_reply', reply: state.draft.id });
  const utterance = state.nextUtterance;
  const heardBefore = userTurn.segments.length > 0 ? before.lastVoicedAudioMs : 0;
  emit({ type: 'open_utterance', utterance, fromAudioMs: Math.max(voice.startMs - policy.preRollMs, heardBefore, 0) });
  if (state.userTurn === undefined) emit({ type: 'set_timer', timer: 'audio_gap', delayMs: policy.audioGapMs });
  return {
    ...heard,
    userTurn: { ...userTurn, segments: [...userTurn.segments, { utterance, stage: 'open', text: '' }] },
    draft: undefined,
    nextUtterance: utterance + 1,
  };
}

/** Asks the language model. The number of the new reply is `state.nextReply`. */
export function startReply(state: RunningState, userText: string, marks: TurnMarks, speculative: boolean, atMs: number, emit: Emit): Reply {
  const id = state.nextReply;
  emit({ type: 'start_reply', reply: id, messages: conversationMessages(state.policy.systemPrompt, state.memory, userText) });
  const details = { kind: 'model' as const, userText, splitter: newSplitter(), marks: withMark(marks, 'llm_request', atMs), speculative };
  return newReply(id, state.turn, details, atMs);
}

/** The user's turn is over and its words are known: they are remembered, and answered. */
export function answer(state: AiProcessing, userText: string, marks: TurnMarks, atMs: number, emit: Emit): AiProcessing {
  const reply = startReply(state, userText, marks, false, atMs, emit);
  const memory = remember(state.memory, { role: 'user', content: userText }, state.policy.maxMemoryMessages);
  return { ...state, memory, reply, nextReply: reply.id + 1, userTurn: undefined };
}

/** A typed turn: as if it had been spoken and transcribed at once. */
export function answerTyped(state: RunningState, text: string, atMs: number, emit: Emit): AiProcessing {
  const { turn, policy } = state;
  const processing: AiProcessing = {
    ...running(state),
    voice: undefined,
    phase: 'AI_PROCESSING',
    userTurn: undefined,
    reply: undefined,
    turnEndAtMs: atMs,
    activeAtMs: atMs,
  };
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'AI_PROCESSING', turn } });
  emit({ type: 'notify', notification: { type: 'transcript', turn, text, isFinal: true } });
  emit({ type: 'set_timer', timer: 'stalled', delayMs: policy.stallTimeoutMs });
  return answer(processing, text, { speech_end: atMs, turn_end: atMs }, atMs, emit);
}

/** Drops what the user was saying: all of its utterances and the draft. */
export function abandonUserTurn(state: UserSpeaking | AiProcessing, emit: Emit): void {
  for (const { utterance } of state.userTurn ? unfinished(state.userTurn) : []) emit({ type: 'discard_utterance', utterance });
  if (state.phase === 'USER_SPEAKING') {
    if (state.draft) emit({ type: 'cancel_reply', reply: state.draft.id });
    if (state.userTurn) emit({ type: 'clear_timer', timer: 'audio_gap' });
  }
}

/**
 * Stops the assistant and listens. Words of a turn whose transcript was still on its way are carried into the next turn: the user has
 * merely gone on speaking.
 */
export function interrupt(state: AiProcessing | AiSpeaking, reason: InterruptionReason, atMs: number, emit: Emit): UserSpeaking {
  if (state.reply) emit({ type: 'cancel_reply', reply: state.reply.id });
  leaveAnswer(state, emit);
  const carriedOver = reason === 'speech' && state.phase === 'AI_PROCESSING' ? state.userTurn : undefined;
  if (carriedOver) emit({ type: 'set_timer', timer: 'audio_gap', delayMs: state.policy.audioGapMs });
  else if (state.phase === 'AI_PROCESSING') abandonUserTurn(state, emit);
  emit({ type: 'notify', notification: { type: 'interrupted', turn: state.turn, reason } });
  if (state.reply && !isUnconfirmed(state)) notifyMetrics(state.reply, emit);
  // The next turn has its own length: one that was cut for being too long would be cut again at once.
  const startedAudioMs = state.voice?.startMs ?? carriedOver?.startedAudioMs ?? 0;
  return listen(state, state.turn + 1, atMs, emit, carriedOver && { ...carriedOver, startedAudioMs });
}

/** The reply has been given (`remembered`) or has failed; the user's turn again. */
export function complete(state: AiProcessing | AiSpeaking, remembered: boolean, atMs: number, emit: Emit): UserSpeaking {
  leaveAnswer(state, emit);
  if (state.phase === 'AI_SPEAKING' && state.ducked)
    emit({ type: 'notify', notification: { type: 'ducked', turn: state.turn, active: false } });
  const reply = state.reply;
  if (reply) notifyMetrics(reply, emit);
  const memory =
    remembered && reply && reply.text.trim() !== ''
      ? remember(state.memory, { role: 'assistant', content: reply.text.trim() }, state.policy.maxMemoryMessages)
      : state.memory;
  // Nothing was said where the user's own words came to nothing.
  const activeAtMs = state.phase === 'AI_SPEAKING' ? atMs : state.activeAtMs;
  return listen({ ...state, memory }, state.turn + 1, activeAtMs, emit);
}

/** Ends the conversation from any phase. */
export function end(state: RunningState, reason: EndReason, emit: Emit): Idle {
  if (state.phase !== 'AI_SPEAKING') abandonUserTurn(state, emit);
  if (state.phase !== 'USER_SPEAKING') {
    if (state.reply) {
      emit({ type: 'cancel_reply', reply: state.reply.id });
      if (!isUnconfirmed(state)) notifyMetrics(state.reply, emit);
    }
    leaveAnswer(state, emit);
  }
  emit({ type: 'clear_timer', timer: 'inactivity' });
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'IDLE', turn: state.turn } });
  emit({ type: 'notify', notification: { type: 'ended', reason } });
  emit({ type: 'end_session', reason });
  return { phase: 'IDLE', policy: state.policy, ended: reason };
}

function leaveAnswer(state: AiProcessing | AiSpeaking, emit: Emit): void {
  emit({ type: 'clear_timer', timer: 'stalled' });
  if (state.phase !== 'AI_SPEAKING') return;
  if (state.ducked) emit({ type: 'clear_timer', timer: 'audio_gap' });
  if (state.reply.audioFinished) emit({ type: 'clear_timer', timer: 'playback_overdue' });
  emit({ type: 'expect_echo', active: false });
}

const notifyMetrics = (reply: Reply, emit: Emit): void =>
  emit({
    type: 'notify',
    notification: { type: 'turn_measured', turn: reply.turn, marks: sinceSpeechEnd(reply.marks), speculative: reply.speculative },
  });
