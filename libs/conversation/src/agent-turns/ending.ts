import type { EndReason, FailureReason } from '../turns/turn-event';
import { sinceUserFinished } from '../turns/turn-marks';
import { type AgentReply, heardOf } from './agent-reply';
import type { EmitAgentEffect } from './agent-turn-effect';
import { type AgentIdle, type AgentListening, type AgentRunning, isAnswering } from './agent-turn-state';

export type Closing = NonNullable<AgentRunning['closing']>;

/** The conversation is over, and everything is released. */
export function end(state: AgentRunning, reason: EndReason, atMs: number, emit: EmitAgentEffect): AgentIdle {
  if (state.isWatched) emit({ type: 'clear_timer', timer: 'playout' });
  emit({ type: 'clear_timer', timer: 'inactivity' });
  if (isAnswering(state)) {
    emit({ type: 'cancel_audio', turn: state.turn });
    notifyTurnMetrics(state.reply, heardOf(state.reply, atMs), emit);
  }
  emit({ type: 'notify', notification: { type: 'state_changed', phase: 'IDLE', turn: state.turn } });
  emit({ type: 'end_session', reason });
  return { phase: 'IDLE', policy: state.policy, ended: reason };
}

/** Performs the ending that was postponed until the user had heard everything. */
export function close(state: AgentListening, closing: Closing, atMs: number, emit: EmitAgentEffect): AgentListening | AgentIdle {
  switch (closing) {
    case 'hang_up':
      // Of the existing reasons, this one means a normal end that the participants wanted.
      return end(state, 'client', atMs, emit);
    case 'notice':
      emit({ type: 'take_notice' });
      return state;
    case 'failure':
      if (state.failure !== undefined) notifyFailure(state, state.failure, true, emit);
      return end(state, 'error', atMs, emit);
  }
}

/** Reports that the agent did not answer in time, or is not connected. */
export function notifyFailure({ turn }: AgentRunning, reason: FailureReason, fatal: boolean, emit: EmitAgentEffect): void {
  emit({ type: 'notify', notification: { type: 'agent_failed', turn, reason, fatal } });
}

/**
 * Reports the times of the turn, unless the agent spoke without a turn of the user before. The vendor says when it knew the words, but not
 * when the voice ended. The times of a spoken turn are therefore counted from the final transcript, and there is no `speech_end`.
 */
export function notifyTurnMetrics({ turn, marks }: AgentReply, heardText: string | undefined, emit: EmitAgentEffect): void {
  if (marks.speech_end === undefined && marks.stt_final === undefined) return;
  const heard = heardText !== undefined && { heardText };
  emit({
    type: 'notify',
    notification: { type: 'turn_measured', turn, marks: sinceUserFinished(marks), speculative: false, ...heard },
  });
}
