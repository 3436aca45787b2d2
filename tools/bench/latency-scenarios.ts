import { LATENCY_PROFILES } from '@parley/simulator';

/** One way to run the server. */
export interface Scenario {
  /** The name on the command line and in the tables. */
  name: string;
  profile: 'middle' | 'slow';
  env: Readonly<Record<string, string>>;
  /** The target for the time from the last voiced sample to the first audio, in ms, if there is one. */
  target?: string;
}

const ADAPTIVE = { TURN_TAKING: 'adaptive' };

/** A silence of 900 ms ends a turn, except in the adaptive scenarios. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'middle', profile: 'middle', env: {}, target: 'median ≤ 930, 95 % ≤ 965' },
  { name: 'no-drafts', profile: 'middle', env: { PREEMPTIVE_GENERATION: 'false' } },
  { name: 'jitter', profile: 'middle', env: { SIMULATOR_JITTER: '0.4' } },
  // The last words are in no partial, only in the final transcript.
  { name: 'partials lag', profile: 'middle', env: { SIMULATOR_WITHHELD_WORDS: '2' }, target: 'median ≤ 1 000' },
  { name: 'slow', profile: 'slow', env: {}, target: 'median ≤ 1 200' },
  { name: 'adaptive', profile: 'middle', env: ADAPTIVE, target: 'median ≤ 760' },
  { name: 'adaptive, drafts at 200 ms', profile: 'middle', env: { ...ADAPTIVE, EARLY_DRAFTS: '0' } },
];

export const environmentOf = ({ profile, env }: Scenario): Record<string, string> => ({ SIMULATOR_LATENCY: profile, ...env });

/** With the vendors' delays: "middle (200 + 175 + 300)". */
export function titleOf({ name, profile }: Scenario): string {
  const { sttFinalMs, llmFirstTokenMs, ttsFirstChunkMs } = LATENCY_PROFILES[profile];
  return `${name} (${sttFinalMs} + ${llmFirstTokenMs} + ${ttsFirstChunkMs})`;
}
