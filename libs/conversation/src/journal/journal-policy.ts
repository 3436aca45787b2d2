import type { AgentTurnPolicy } from '../agent-turns/agent-turn-state';
import type { TurnPolicy } from '../turns/turn-policy';
import { JournalError } from './journal';

/** The fields of the policy in every journal of version 1. Never add to this list: a later field belongs to `OFF`. */
const FIRST_FIELDS = [
  'endOfTurnSilenceMs',
  'turnTaking',
  'adaptiveMinSilenceMs',
  'adaptiveMaxSilenceMs',
  'draftAfterSilenceMs',
  'candidateSpeechMs',
  'interruptConfirmMs',
  'interruptionMode',
  'resumeWaitMs',
  'backChannels',
  'runGapMs',
  'minTurnSpeechMs',
  'preRollMs',
  'maxUserTurnMs',
  'maxSessionMs',
  'inactivityTimeoutMs',
  'audioGapMs',
  'stallTimeoutMs',
  'playerBufferMs',
  'speech',
  'memoryOnInterruption',
  'maxMemoryMessages',
  'maxMemoryTokens',
  'systemPrompt',
  'fallbackText',
] as const satisfies readonly (keyof TurnPolicy)[];

/**
 * The rule for a new field of the policy: this table holds the value with which the engine decides as it did before the field existed,
 * whatever the default is. Older journals without the field are replayed with that value and stay valid. The compiler demands an entry for
 * each new field.
 */
const OFF: Omit<TurnPolicy, (typeof FIRST_FIELDS)[number]> = {
  maxEarlyDrafts: 0,
  earlyDraftStableMs: 0,
  partialGraceMs: 0,
  rejoinAudioMs: 0,
  earlyDraftMaxSpeechMs: 0,
  judgesTurns: false,
};

/** The policy that a journal was recorded under, without the fields that this version of the engine does not know. */
export function policyFrom(recorded: Readonly<Record<string, unknown>>): TurnPolicy {
  requireFields(recorded, FIRST_FIELDS);
  const known = [...FIRST_FIELDS, ...Object.keys(OFF)];
  const fields = Object.fromEntries(Object.entries(recorded).filter(([field]) => known.includes(field)));
  return { ...OFF, ...fields } as TurnPolicy;
}

/**
 * The fields of the policy in every journal of a conversation with an agent. The same rule holds: a later field gets the value that turns
 * it off.
 */
const AGENT_FIELDS = [
  'inactivityTimeoutMs',
  'maxSessionMs',
  'stallTimeoutMs',
  'playerBufferMs',
  'greetsAgain',
] as const satisfies readonly (keyof AgentTurnPolicy)[];

const AGENT_OFF: Omit<AgentTurnPolicy, (typeof AGENT_FIELDS)[number]> = { judgesTurns: false };

export function agentPolicyFrom(recorded: Readonly<Record<string, unknown>>): AgentTurnPolicy {
  requireFields(recorded, AGENT_FIELDS);
  const known: readonly string[] = [...AGENT_FIELDS, ...Object.keys(AGENT_OFF)];
  const fields = Object.fromEntries(Object.entries(recorded).filter(([field]) => known.includes(field)));
  return { ...AGENT_OFF, ...fields } as AgentTurnPolicy;
}

function requireFields(recorded: Readonly<Record<string, unknown>>, fields: readonly string[]): void {
  const missing = fields.filter((field) => !Object.hasOwn(recorded, field));
  if (missing.length > 0) throw new JournalError(`the policy lacks ${missing.join(', ')}`, 1);
}
