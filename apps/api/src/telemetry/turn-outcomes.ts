import type { ConversationEvent } from '@parley/engine';

/** How a user turn may end. `not_understood`: without words. `abandoned`: with the conversation. */
export const TURN_OUTCOMES = ['answered', 'interrupted', 'failed', 'not_understood', 'abandoned'] as const;
export type TurnOutcome = (typeof TURN_OUTCOMES)[number];

/** Follows one conversation by what its client is told, and knows how each of its turns has ended. What happens first counts. */
export class TurnOutcomes {
  private open: { turn: number; outcome: TurnOutcome | undefined; isAgentLost: boolean } | undefined;
  /** The last turn whose words are known. */
  private heardTurn: number | undefined;

  /** The outcome of the turn that this ends, if it ends one. */
  note(told: ConversationEvent): TurnOutcome | undefined {
    switch (told.type) {
      case 'state_changed':
        return this.changePhase(told.phase, told.turn);
      case 'transcript':
        if (told.isFinal && told.text !== '') this.heardTurn = told.turn;
        else if (told.isFinal) this.decide(told.turn, 'not_understood');
        return undefined;
      case 'failure':
        if (this.open && this.open.outcome === undefined) this.open.isAgentLost = told.stage === 'agent' && !told.fatal;
        this.decide(told.turn, 'failed');
        return undefined;
      case 'interrupted':
        this.decide(told.turn, 'interrupted');
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
    // An agent whose connection was made again has the answer after all.
    if (this.open.isAgentLost) this.open.outcome = undefined;
    // An agent that speaks by itself, as when it greets: nobody has asked anything.
    if (this.heardTurn !== turn && this.open.outcome === undefined) this.open = undefined;
  }

  private decide(turn: number, outcome: TurnOutcome): void {
    if (this.open?.turn === turn) this.open.outcome ??= outcome;
  }
}
