import type { ConversationEventOf } from '@parley/engine';
import type { ErrorMessage } from '@parley/protocol';

/** What users are told when a budget is spent, by what it was for. */
export const BUDGET_SPENT = {
  conversation: 'This conversation has used all that one conversation may use. Please start a new one.',
  address: 'All that you may use in one day is used up. Please come back tomorrow.',
  day: 'All that this assistant may use in one day is used up. Please come back tomorrow.',
} as const;

/** Tells that a conversation or narration ends because a budget is spent. */
export const toBudgetError = ({ scope, retryAfterMs }: ConversationEventOf<'budget_spent'>) =>
  ({
    type: 'error',
    code: 'budget_spent',
    message: BUDGET_SPENT[scope],
    fatal: true,
    ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }),
  }) as const satisfies ErrorMessage;
