import type { AgentTurnPolicy } from '../agent-turns/agent-turn-state';
import type { TurnPolicy } from '../turns/turn-policy';
import { JournalError } from './journal';

/** What every journal of version 1 says of its policy. Never to be made longer: a field that comes later belongs to `OFF`. */
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
 * The rule for a new field of the policy: here stands the value with which the engine decides as it did before there was that field (its
 * "off"), whatever its default is. Journals that do not know the field are replayed with it and stay valid. The compiler asks for it.
 */
const OFF: Omit<TurnPolicy, (typeof FIRST_FIELDS)[number]> = {
  maxEarlyDrafts: 0,
  earlyDraftStableMs: 0,
  partialGraceMs: 0,
  rejoinAudioMs: 0,
  earlyDraftMaxSpeechMs: 0,
};

/** The policy that a journal was recorded under. What this version of the engine does not know is left out. */
export function policyFrom(recorded: Readonly<Record<string, unknown>>): TurnPolicy {
  requireFields(recorded, FIRST_FIELDS);
  const known = [...FIRST_FIELDS, ...Object.keys(OFF)];
  const fields = Object.fromEntries(Object.entries(recorded).filter(([field]) => known.includes(field)));
  return { ...OFF, ...fields } as TurnPolicy;
}

/** What every journal of a conversation with an agent says of its policy. The same rule holds: a field that comes later gets its "off". */
const AGENT_FIELDS = [
  'inactivityTimeoutMs',
  'maxSessionMs',
  'stallTimeoutMs',
  'playerBufferMs',
  'greetsAgain',
] as const satisfies readonly (keyof AgentTurnPolicy)[];

const AGENT_OFF: Omit<AgentTurnPolicy, (typeof AGENT_FIELDS)[number]> = {};

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
