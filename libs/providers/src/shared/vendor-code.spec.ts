import { APIError } from 'openai';
import { agentSocketError } from '../elevenlabs-agents/agent-errors';
import { elevenLabsFrameError, elevenLabsHttpError, elevenLabsSocketError } from '../elevenlabs/eleven-labs-errors';
import { openAiError } from '../openai/open-ai-errors';
import type { ProviderError } from '../ports/provider-error';
import { sarvamFaultError, sarvamSocketError } from '../sarvam/sarvam-errors';

const KEY = 'sk-live-0123456789';
const refusal = (body: object) => ({ kind: 'refused' as const, status: 401, body: JSON.stringify(body), retryAfterMs: undefined });

describe('what a server says where a code belongs', () => {
  it.each<[string, ProviderError]>([
    ['Sarvam’s refusal', sarvamSocketError(refusal({ error: { code: KEY } }), undefined)],
    ['Sarvam’s error message', sarvamFaultError({ status: undefined, code: KEY })],
    ['OpenAI’s code', openAiError(APIError.generate(401, { code: KEY }, undefined, new Headers()), 'openai')],
    ['OpenAI’s type', openAiError(APIError.generate(401, { type: KEY }, undefined, new Headers()), 'openai')],
    ['ElevenLabs’ refusal, in its status', elevenLabsSocketError(refusal({ detail: { status: KEY } }))],
    ['ElevenLabs’ refusal, in its code', elevenLabsSocketError(refusal({ detail: { code: KEY } }))],
    ['ElevenLabs’ HTTP answer', elevenLabsHttpError({ statusCode: 401, body: { detail: { status: KEY } } })],
    ['ElevenLabs’ error message', elevenLabsFrameError(KEY, 1008)],
    [
      'the agent’s error message',
      agentSocketError({ kind: 'closed', code: 1008, reason: KEY }, { code: undefined, errorType: KEY, message: KEY }),
    ],
  ])('is left out of the message when it is none that is known: %s', (_where, error) => {
    expect(error.message).not.toContain(KEY);
    expect(error.message).toMatch(/40|1008|no status/);
  });

  it('is told when it is known', () => {
    expect(sarvamFaultError({ status: 403, code: 'invalid_api_key_error' }).message).toContain('invalid_api_key_error');
    expect(elevenLabsFrameError('quota_exceeded', 1008).message).toContain('quota_exceeded');
  });
});
