import { APIError } from 'openai';
import { agentSocketError } from '../elevenlabs-agents/agent-errors';
import { elevenLabsFrameError, elevenLabsHttpError, elevenLabsSocketError } from '../elevenlabs/eleven-labs-errors';
import { openAiError } from '../openai/open-ai-errors';
import type { ProviderError } from '../ports/provider-error';
import { sarvamFaultError, sarvamSocketError } from '../sarvam/sarvam-errors';

const KEY = 'sk-live-0123456789';
const refusal = (body: object) => ({ kind: 'refused' as const, status: 401, body: JSON.stringify(body), retryAfterMs: undefined });

describe('the error code that a vendor sends', () => {
  it.each<[string, ProviderError]>([
    ['the refusal of Sarvam', sarvamSocketError(refusal({ error: { code: KEY } }), undefined)],
    ['the error message of Sarvam', sarvamFaultError({ status: undefined, code: KEY })],
    ['the code of OpenAI', openAiError(APIError.generate(401, { code: KEY }, undefined, new Headers()), 'openai')],
    ['the type of OpenAI', openAiError(APIError.generate(401, { type: KEY }, undefined, new Headers()), 'openai')],
    ['the status in the refusal of ElevenLabs', elevenLabsSocketError(refusal({ detail: { status: KEY } }))],
    ['the code in the refusal of ElevenLabs', elevenLabsSocketError(refusal({ detail: { code: KEY } }))],
    ['the HTTP answer of ElevenLabs', elevenLabsHttpError({ statusCode: 401, body: { detail: { status: KEY } } })],
    ['the error message of ElevenLabs', elevenLabsFrameError(KEY, 1008)],
    [
      'the error message of the agent',
      agentSocketError({ kind: 'closed', code: 1008, reason: KEY }, { code: undefined, errorType: KEY, message: KEY }),
    ],
  ])('is left out of our error message if it is unknown, in %s', (_where, error) => {
    expect(error.message).not.toContain(KEY);
    expect(error.message).toMatch(/40|1008|no status/);
  });

  it('is part of our error message if it is known', () => {
    expect(sarvamFaultError({ status: 403, code: 'invalid_api_key_error' }).message).toContain('invalid_api_key_error');
    expect(elevenLabsFrameError('quota_exceeded', 1008).message).toContain('quota_exceeded');
  });
});
