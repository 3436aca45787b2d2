import { type Connection, type Conversation, EMPTY_MEMORY } from '@parley/engine';
import type { BudgetRefusal } from './budget-ledger';

/** Tells the client that nothing is left for a conversation, and ends it. No vendor was asked. */
export function refuseConversation({ emit, options }: Connection, refusal: BudgetRefusal): Conversation {
  emit({ type: 'budget_spent', ...refusal });
  emit({ type: 'ended', reason: 'error' });
  return {
    isInTurn: false,
    pushAudio: () => undefined,
    pushText: () => undefined,
    interrupt: () => undefined,
    reportPlayback: () => undefined,
    memory: () => options.memory ?? EMPTY_MEMORY,
    end: () => undefined,
  };
}
