import type { ConversationEvent } from '@parley/engine';

/** How a turn of the user can end. `not_understood`: no words were recognised. `abandoned`: the conversation ended before the turn did. */
export const TURN_OUTCOMES = ['answered', 'interrupted', 'failed', 'not_understood', 'abandoned'] as const;
export type TurnOutcome = (typeof TURN_OUTCOMES)[number];

/**
 * Determines from the events of one conversation how each of its turns has ended. When several outcomes apply to a turn, the first one
 * counts.
 */
export class TurnOutcomes {
  private open: { turn: number; outcome: TurnOutcome | undefined; isAgentLost: boolean } | undefined;
  /** The last turn of which words were recognised. */
  private heardTurn: number | undefined;

  /** Returns the outcome of the turn that this event ends; undefined when it ends none. */
  note(event: ConversationEvent): TurnOutcome | undefined {
    switch (event.type) {
      case 'state_changed':
        return this.changePhase(event.phase, event.turn);
      case 'transcript':
        if (event.isFinal && event.text !== '') this.heardTurn = event.turn;
        else if (event.isFinal) this.decide(event.turn, 'not_understood');
        return undefined;
      case 'failure':
        if (this.open && this.open.outcome === undefined) this.open.isAgentLost = event.stage === 'agent' && !event.fatal;
        this.decide(event.turn, 'failed');
        return undefined;
      case 'interrupted':
        this.decide(event.turn, 'interrupted');
        return undefined;
      default:
        return undefined;
    }
  }

  private changePhase(phase: Extract<ConversationEvent, { type: 'state_changed' }>['phase'], turn: number): TurnOutcome | undefined {
    if (phase === 'AI_PROCESSING') this.open = { turn, outcome: undefined, isAgentLost: false };
    if (phase === 'AI_SPEAKING') this.beginSpeaking(turn);
    if (phase === 'AI_PROCESSING' || phase === 'AI_SPEAKING' || this.open === undefined) return undefined;
    const { outcome } = this.open;
    this.open = undefined;
    return outcome ?? (phase === 'IDLE' ? 'abandoned' : 'answered');
  }

  private beginSpeaking(turn: number): void {
    if (this.open === undefined) return;
    // The agent has reconnected and answers after all, so the turn has not failed.
    if (this.open.isAgentLost) this.open.outcome = undefined;
    // The agent speaks although the user said nothing, as in a greeting. That is not a turn of the user.
    if (this.heardTurn !== turn && this.open.outcome === undefined) this.open = undefined;
  }

  private decide(turn: number, outcome: TurnOutcome): void {
    if (this.open?.turn === turn) this.open.outcome ??= outcome;
  }
}
