import type { ProviderErrorCode } from '../ports/provider-error';
import { describeFailure } from './failure-wording';
import { PROVIDERS } from './providers';

type Stage = 'stt' | 'llm' | 'tts';

const NAMES: Record<Stage, string> = { stt: 'Speech recognition', llm: 'The language model', tts: 'The voice' };
const REASONS: Record<ProviderErrorCode, RegExp> = {
  auth: /key/,
  quota: /credit/,
  rate_limited: /too often/,
  invalid_request: /settings/,
  model_not_found: /model or voice/,
  unavailable: /not available/,
  timeout: /in time/,
  connection_lost: /connection/,
  bad_response: /no usable answer/,
};
const STAGES: readonly Stage[] = ['stt', 'llm', 'tts'];
const TABLE = STAGES.flatMap((stage) =>
  Object.entries(REASONS).map(([reason, words]) => ({ stage, reason: reason as ProviderErrorCode, words })),
);

describe('describeFailure', () => {
  it.each(TABLE)('says in plain words that $stage failed with $reason', ({ stage, reason, words }) => {
    const message = describeFailure(stage, reason);
    expect(message.startsWith(`${NAMES[stage]} `)).toBe(true);
    expect(message).toMatch(words);
    expect(message).toMatch(/\.$/);
    // The message contains no error codes, no vendor names and no status numbers.
    expect(message).not.toMatch(/_(?!API_KEY)[a-z]|\d|sarvam\.|openai\.|elevenlabs\.|undefined/);
  });

  it.each([
    ['stt', 'SARVAM_API_KEY'],
    ['llm', 'OPENAI_API_KEY'],
    ['tts', 'ELEVENLABS_API_KEY'],
  ] as const)('names the variable that sets the API key of %s only if the key was refused', (stage, variable) => {
    expect(describeFailure(stage, 'auth')).toContain(variable);
    expect(describeFailure(stage, 'quota')).not.toContain(variable);
  });

  it('has a different wording for each stage and reason', () => {
    expect(new Set(TABLE.map(({ stage, reason }) => describeFailure(stage, reason))).size).toBe(TABLE.length);
  });

  it.each(Object.keys(REASONS) as ProviderErrorCode[])('says in plain words that the agent failed with %s', (reason) => {
    expect(describeFailure('agent', reason)).toMatch(/\bagent\b.*\.$/);
  });

  it('names the variables of the agent if their values are wrong', () => {
    expect(describeFailure('agent', 'auth')).toMatch(/ELEVENLABS_API_KEY and ELEVENLABS_AGENT_ID/);
    expect(describeFailure('agent', 'model_not_found')).toContain('ELEVENLABS_AGENT_ID');
  });

  it('names the keys of all providers of the stage, since any of them may have been asked', () => {
    const [sarvam] = PROVIDERS;
    const other = { ...sarvam, name: 'other', variables: { apiKey: { name: 'OTHER_KEY', kind: 'key', doc: '' } } } as typeof sarvam;
    expect(describeFailure('stt', 'auth', [...PROVIDERS, other])).toMatch(/ check SARVAM_API_KEY or OTHER_KEY\.$/);
  });
});
