import { AgentHistory } from './agent-history';
import type { AgentTurnEffect, EmitAgentEffect } from './agent-turn-effect';
import type { AgentTurnEvent, AgentTurnEventOf } from './agent-turn-event';
import { type AgentIdle, type AgentListening, type AgentRunning, type AgentTurnState, isAnswering } from './agent-turn-state';
import { hangUp, prepareHangUp, takeNotice } from './closing';
import { judgeAgentTurn, noteSpeaker } from './judging';
import { connect, failConnection, loseConnection } from './connection';
import { takePartialTranscript, takeFinalTranscript, stop, takeAgentInterruption, takeTyped } from './hearing';
import { checkLimits } from './limits';
import { checkPlayout } from './playout-check';
import { noteAudioSent, notePlayback, takeCorrection, takeReplyAudio, takeReplyPart, takeReplyText } from './replying';
import { afterToolEnd, afterToolStart, NO_SPEECH } from './speech-end';
import { greet } from './spoken-lines';
import { end } from './ending';

export interface AgentDecision {
  state: AgentTurnState;
  /** The effects, to be performed in order. */
  effects: readonly AgentTurnEffect[];
}

/**
 * The reducer of conversations in which the vendor’s agent decides when to speak: it takes one event and returns the next state and the
 * effects. It is pure: the same events give the same decisions. The vendor does not number turns, so they are numbered here, and the
 * phases are derived from what the agent sends and what the listener has heard of it.
 */
export function reduceAgentTurns(state: AgentTurnState, event: AgentTurnEvent): AgentDecision {
  const effects: AgentTurnEffect[] = [];
  const emit: EmitAgentEffect = (effect) => effects.push(effect);
  const next = state.phase === 'IDLE' ? begin(state, event, emit) : proceed(state, event, emit);
  return { state: next, effects };
}

function begin(state: AgentIdle, event: AgentTurnEvent, emit: EmitAgentEffect): AgentTurnState {
  if (state.ended) return state;
  if (event.type === 'conversation_ended') {
    emit({ type: 'end_session', reason: event.reason });
    return { ...state, ended: event.reason };
  }
  if (event.type !== 'conversation_started') return state;
  const { past } = event;
  const history = past ? AgentHistory.of(past) : AgentHistory.EMPTY;
  const greetsAgain = history.greeting !== undefined && state.policy.greetsAgain;
  const turn = (past?.turn ?? 0) + 1;
  const fresh: AgentListening = {
    phase: 'USER_SPEAKING',
    policy: state.policy,
    turn,
    reply: undefined,
    history,
    connection: 'opening',
    // The agent knows as little of a conversation that is continued as after a lost connection.
    wasConnected: past !== undefined,
    isLossNotified: false,
    staleAudio: greetsAgain ? { words: history.greeting.trim() } : undefined,
    typed: undefined,
    unjudged: undefined,
    unfinishedWords: '',
    announcedWords: undefined,
    localLineTurn: undefined,
    correctable: undefined,
    speechEnd: NO_SPEECH,
    isFarewell: false,
    closing: undefined,
    failure: undefined,
    greetedWith: undefined,
    isWatched: false,
    activeAtMs: event.atMs,
    startedAtMs: event.atMs,
    endingNotified: false,
  };
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'USER_SPEAKING', turn } });
  return checkLimits(fresh, event.atMs, emit);
}

function proceed(state: AgentRunning, event: AgentTurnEvent, emit: EmitAgentEffect): AgentTurnState {
  const { atMs } = event;
  switch (event.type) {
    case 'conversation_started':
      return state;
    case 'conversation_ended':
      return end(state, event.reason, atMs, emit);
    case 'speaker_changed':
      return noteSpeaker(state, event.speaker, emit);
    case 'turn_judged':
      return judgeAgentTurn(state, event, emit);
    case 'agent_connected':
      return connect(state, atMs, emit);
    case 'agent_lost':
      return loseConnection(state, event.reason, atMs, emit);
    case 'agent_failed':
      return failConnection(state, event.reason, atMs, emit);
    case 'agent_hung_up':
      return hangUp({ ...state, connection: 'over' }, atMs, emit);
    case 'hang_up_requested':
      return prepareHangUp(state, atMs, emit);
    case 'agent_interrupted':
      return takeAgentInterruption(state, atMs, emit);
    case 'transcript_changed':
      return takePartialTranscript(state, event.text, atMs, emit);
    case 'transcript_finished':
      return takeFinalTranscript(state, event.text, atMs, emit);
    case 'text_received':
      return takeTyped(state, event.text, atMs, emit);
    case 'interrupt_requested':
      return stop(state, atMs, emit);
    case 'reply_text_part_produced':
      return takeReplyPart(state, event.text, atMs, emit);
    case 'reply_text_produced':
      return takeReplyText(state, event.text, atMs, emit);
    case 'reply_corrected':
      return takeCorrection(state, event.original, event.text, atMs, emit);
    case 'reply_audio_produced':
      return takeReplyAudio(state, event, atMs, emit);
    case 'line_ready':
      return event.line === 'greeting' ? greet(state, event, emit) : takeNotice(state, event, emit);
    case 'tool_started':
    case 'tool_ended':
      return trackTool(state, event, emit);
    case 'audio_sent':
      return noteAudioSent(state, event, emit);
    case 'audio_dropped':
      emit({ type: 'notify', notification: { type: 'audio_dropped', turn: state.turn } });
      return state;
    case 'playback_reported':
      return notePlayback(state, event, emit);
    case 'timer_fired':
      return event.timer === 'playout' ? checkPlayout({ ...state, isWatched: false }, atMs, emit) : checkLimits(state, atMs, emit);
  }
}

/** The agent uses one of this server’s tools. While the tool runs, and shortly afterwards, a pause does not end the reply. */
function trackTool(state: AgentRunning, event: AgentTurnEventOf<'tool_started' | 'tool_ended'>, emit: EmitAgentEffect): AgentTurnState {
  const { name, atMs } = event;
  const isStart = event.type === 'tool_started';
  emit({ type: 'notify', notification: { type: 'tool', turn: state.turn, name, status: isStart ? 'started' : 'ended' } });
  const noted: AgentRunning = { ...state, speechEnd: isStart ? afterToolStart(state.speechEnd) : afterToolEnd(state.speechEnd, atMs) };
  if (isStart || !isAnswering(noted)) return checkPlayout(noted, atMs, emit);
  return checkPlayout({ ...noted, reply: { ...noted.reply, lastEventAtMs: atMs } }, atMs, emit);
}
