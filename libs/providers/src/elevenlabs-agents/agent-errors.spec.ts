import type { SocketEnd } from '../socket/vendor-socket';
import { agentSocketError, type AgentFault } from './agent-errors';

const closed = (code: number): SocketEnd => ({ kind: 'closed', code, reason: 'words of the vendor' });
const fault = (errorType?: string, code?: number, message?: string): AgentFault => ({ errorType, code, message });

describe('agentSocketError', () => {
  it.each([
    [1000, 'connection_lost', true],
    [1001, 'connection_lost', true],
    [1002, 'unavailable', true],
    [1003, 'invalid_request', false],
    [1005, 'connection_lost', true],
    [1006, 'connection_lost', true],
    [1007, 'invalid_request', false],
    [1008, 'invalid_request', false],
    [1009, 'invalid_request', false],
    [1011, 'unavailable', true],
    [1012, 'unavailable', true],
    [1013, 'unavailable', true],
    [3000, 'auth', false],
    [3003, 'auth', false],
    [3008, 'timeout', true],
    [4999, 'connection_lost', true],
  ])('maps close code %i without an error message to %s', (code, expected, retryable) => {
    expect(agentSocketError(closed(code), undefined)).toMatchObject({ provider: 'elevenlabs', code: expected, retryable });
  });

  it.each([
    ['llm_timeout', 1002, 'timeout', true],
    ['transport_receive_timeout', 1002, 'timeout', true],
    ['asyncio_timeout', 1002, 'timeout', true],
    ['http_exception', 1002, 'unavailable', true],
    ['safety_violation', 1002, 'invalid_request', false],
    ['llm_error', 1002, 'unavailable', true],
    ['custom_llm_error', 1002, 'unavailable', true],
    ['cascade_brain_error', 1002, 'unavailable', true],
    ['asr_transcription_error', 1002, 'unavailable', true],
    ['vad_error', 1002, 'unavailable', true],
    ['turn_probability_error', 1002, 'unavailable', true],
    ['tts_cascade_error', 1002, 'unavailable', true],
    ['redis_timeout_error', 1002, 'unavailable', true],
    ['invalid_message', 1008, 'invalid_request', false],
    ['missing_fields', 1008, 'invalid_request', false],
    ['value_error', 1008, 'invalid_request', false],
    ['override_error', 1008, 'invalid_request', false],
    ['missing_dynamic_variable', 1008, 'invalid_request', false],
    ['missing_dynamic_variable_transfer', 1008, 'invalid_request', false],
    ['mcp_tool_error', 1008, 'invalid_request', false],
    ['mcp_https_error', 1008, 'invalid_request', false],
    ['telephony_agent_error', 1008, 'invalid_request', false],
    ['unknown_websocket_crash', 1011, 'unavailable', true],
    ['unknown', 1011, 'unavailable', true],
    ['something_new', 1008, 'invalid_request', false],
    ['something_new', 1002, 'unavailable', true],
    ['something_new', 4000, 'connection_lost', true],
  ])('maps the error type %s followed by close code %i to %s', (errorType, code, expected, retryable) => {
    expect(agentSocketError(closed(code), fault(errorType, code))).toMatchObject({ code: expected, retryable });
  });

  it('uses the error message when the connection broke off right after it', () => {
    expect(agentSocketError(closed(1006), fault('something_new', 1008))).toMatchObject({ code: 'invalid_request' });
  });

  it.each([
    ['received 1002 (protocol error) This request exceeds your quota limit.', 'quota', false],
    ['You have no credits left', 'quota', false],
    ['Too many concurrent conversations', 'rate_limited', true],
    ['Something else', 'unavailable', true],
  ])('reads the cause from the text of an error message without an error type: %s', (message, code, retryable) => {
    const error = agentSocketError(closed(1002), fault(undefined, undefined, message));
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).not.toContain(message);
  });

  it.each<[SocketEnd, string]>([
    [{ kind: 'refused', status: 401, body: '', retryAfterMs: undefined }, 'auth'],
    [{ kind: 'refused', status: 403, body: '', retryAfterMs: undefined }, 'auth'],
    [{ kind: 'refused', status: 401, body: '{"detail":{"status":"quota_exceeded"}}', retryAfterMs: undefined }, 'quota'],
    [{ kind: 'refused', status: 404, body: '', retryAfterMs: undefined }, 'model_not_found'],
    [{ kind: 'refused', status: 429, body: '', retryAfterMs: 2_000 }, 'rate_limited'],
    [{ kind: 'refused', status: 500, body: '', retryAfterMs: undefined }, 'unavailable'],
    [{ kind: 'timeout' }, 'timeout'],
    [{ kind: 'failed', cause: undefined }, 'unavailable'],
  ])('maps the end of the connection %j to %s', (end, code) => {
    expect(agentSocketError(end, undefined)).toMatchObject({ code });
  });
});
