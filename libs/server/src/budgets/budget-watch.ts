import type { Audience, Connection, Conversation, ConversationEvent } from '@parley/engine';
import type { BudgetRefusal } from './budget-ledger';
import type { ConversationBudget } from './conversation-budget';

export interface BudgetWatchOptions {
  /** The client's. */
  connection: Connection;
  budget: ConversationBudget;
  /** The turn of the user that this event begins; undefined if it begins none. Not asked where several people share the conversation. */
  turnBegunBy: (event: ConversationEvent) => number | undefined;
  /** Told every event of the engine. */
  note?: (event: ConversationEvent) => void;
  /** Told once, when the conversation is refused or ended because of this. */
  onSpent: (refusal: BudgetRefusal) => void;
}

/**
 * Watches one conversation: counts its turns, and ends it when a budget is spent. An answer that is already being given is heard to its end
 * before that. The client is told in place of the failure that the engine reports for a vendor that was not asked.
 */
export class BudgetWatch {
  /** For the engine, in place of the client's. */
  readonly connection: Connection;
  private conversation: Conversation | undefined;
  private phase = 'USER_SPEAKING';
  private isSpent = false;
  private hasEnded = false;
  private lastTurn = 0;

  constructor(private readonly options: BudgetWatchOptions) {
    const { connection, budget } = options;
    const { audience } = connection;
    this.connection = {
      ...connection,
      ...(audience && { audience: this.counting(audience) }),
      meter: budget,
      emit: (event) => this.take(event),
    };
    budget.onRefused = (refusal) => this.refused(refusal);
  }

  /** The engine has begun the conversation, which may have to be ended at once. */
  attach(conversation: Conversation): void {
    this.conversation = conversation;
    if (this.isSpent && !this.hasEnded) conversation.end('error');
  }

  private take(event: ConversationEvent): void {
    if (event.type === 'ended') return this.ended(event);
    // A vendor that was not asked has not failed.
    if (event.type === 'failure' && this.options.budget.refusal) return this.end(this.options.budget.refusal);
    if (event.type === 'state_changed') this.phase = event.phase;
    this.options.note?.(event);
    this.options.connection.emit(event);
    if (this.isSpent) return;
    const turn = this.options.connection.audience ? undefined : this.options.turnBegunBy(event);
    if (turn !== undefined) this.countTurn(turn);
    const { reached } = this.options.budget;
    if (reached && event.type === 'state_changed' && event.phase === 'USER_SPEAKING') this.end(reached);
  }

  /** Where several people share a conversation, only what is answered is a turn. */
  private counting(audience: Audience): Audience {
    return {
      get speaker() {
        return audience.speaker;
      },
      judge: (turn) => {
        const verdict = audience.judge(turn);
        if (verdict.isAnswered) this.countTurn(turn.turn);
        return verdict;
      },
    };
  }

  private countTurn(turn: number): void {
    if (turn <= this.lastTurn) return;
    this.lastTurn = turn;
    const { budget } = this.options;
    if (budget.allows('turns')) budget.spend('turns', 1);
  }

  private refused(refusal: BudgetRefusal): void {
    // Either the engine reports that the answer has no voice, or what it has is heard first.
    if (refusal.kind === 'voice_characters' || this.phase === 'AI_SPEAKING') return;
    // Words over an answer cannot be heard any more, but the answer can.
    if (refusal.kind === 'recognition_ms' && this.phase === 'AI_PROCESSING') return;
    this.end(refusal);
  }

  private end(refusal: BudgetRefusal): void {
    if (this.isSpent || this.hasEnded) return;
    this.isSpent = true;
    this.options.budget.close();
    this.options.onSpent(refusal);
    this.options.connection.emit({ type: 'budget_spent', ...refusal });
    this.conversation?.end('error');
  }

  private ended(event: Extract<ConversationEvent, { type: 'ended' }>): void {
    this.hasEnded = true;
    this.options.budget.close();
    this.options.note?.(event);
    this.options.connection.emit(event);
  }
}
