import type { CheckedEnvironment } from './environment-for';

/** What can be limited: turns of users, requests to models, characters for voices, and milliseconds of audio for recognisers. */
export const BUDGET_KINDS = ['turns', 'model_requests', 'voice_characters', 'recognition_ms'] as const;
export type BudgetKind = (typeof BUDGET_KINDS)[number];

/** What a limit holds for: one conversation, all of one address on a day, or all on a day. Days are those of UTC. */
export const BUDGET_SCOPES = ['conversation', 'address', 'day'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

/** Whole numbers from 1. What is not there is not limited. */
export type BudgetLimits = Readonly<Record<BudgetScope, Readonly<Partial<Record<BudgetKind, number>>>>>;

/** The settings of the budgets. */
export interface BudgetSettings {
  limits: BudgetLimits;
  /** Address of the Redis in which several servers count together; undefined where this server counts alone. */
  redisUrl: string | undefined;
  /** How long replies to first questions are kept, in ms; undefined where none are. */
  replyCacheTtlMs: number | undefined;
}

type Amounts = Partial<Record<BudgetKind, number | undefined>>;

const MS_PER_SECOND = 1000;

/** Leaves out the limits that are not set. */
const limitsOf = (amounts: Amounts): Partial<Record<BudgetKind, number>> =>
  Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== undefined));

const inMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * MS_PER_SECOND);

export const budgetSettingsFrom = (environment: CheckedEnvironment): BudgetSettings => ({
  limits: {
    conversation: limitsOf({
      turns: environment.BUDGET_TURNS_PER_CONVERSATION,
      model_requests: environment.BUDGET_MODEL_REQUESTS_PER_CONVERSATION,
      voice_characters: environment.BUDGET_VOICE_CHARACTERS_PER_CONVERSATION,
      recognition_ms: inMs(environment.BUDGET_RECOGNITION_SECONDS_PER_CONVERSATION),
    }),
    address: limitsOf({
      turns: environment.BUDGET_TURNS_PER_ADDRESS_PER_DAY,
      model_requests: environment.BUDGET_MODEL_REQUESTS_PER_ADDRESS_PER_DAY,
      voice_characters: environment.BUDGET_VOICE_CHARACTERS_PER_ADDRESS_PER_DAY,
      recognition_ms: inMs(environment.BUDGET_RECOGNITION_SECONDS_PER_ADDRESS_PER_DAY),
    }),
    day: limitsOf({
      turns: environment.BUDGET_TURNS_PER_DAY,
      model_requests: environment.BUDGET_MODEL_REQUESTS_PER_DAY,
      voice_characters: environment.BUDGET_VOICE_CHARACTERS_PER_DAY,
      recognition_ms: inMs(environment.BUDGET_RECOGNITION_SECONDS_PER_DAY),
    }),
  },
  redisUrl: environment.REDIS_URL,
  replyCacheTtlMs: environment.REPLY_CACHE ? inMs(environment.REPLY_CACHE_TTL_S) : undefined,
});
