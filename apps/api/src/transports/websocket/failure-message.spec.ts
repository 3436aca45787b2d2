import type { FailureReason, Stage } from '@parley/conversation';
import { failureMessage } from './failure-message';

const NAMES: Record<Stage, string> = { stt: 'Speech recognition', llm: 'The language model', tts: 'The voice' };
const REASONS: Record<FailureReason, RegExp> = {
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
  Object.entries(REASONS).map(([reason, words]) => ({ stage, reason: reason as FailureReason, words })),
);

describe('failureMessage', () => {
  it.each(TABLE)('says in plain words that $stage failed: $reason', ({ stage, reason, words }) => {
    const message = failureMessage(stage, reason);
    expect(message.startsWith(`${NAMES[stage]} `)).toBe(true);
    expect(message).toMatch(words);
    expect(message).toMatch(/\.$/);
    // No codes, no vendor names, no status numbers.
    expect(message).not.toMatch(/_(?!API_KEY)[a-z]|\d|sarvam\.|openai\.|elevenlabs\.|undefined/);
  });

  it.each([
    ['stt', 'SARVAM_API_KEY'],
    ['llm', 'OPENAI_API_KEY'],
    ['tts', 'ELEVENLABS_API_KEY'],
  ] as const)('names the variable that %s’s key is set with, for a key that was refused only', (stage, variable) => {
    expect(failureMessage(stage, 'auth')).toContain(variable);
    expect(failureMessage(stage, 'quota')).not.toContain(variable);
  });

  it('is another one for each stage and reason', () => {
    expect(new Set(TABLE.map(({ stage, reason }) => failureMessage(stage, reason))).size).toBe(TABLE.length);
  });
});
