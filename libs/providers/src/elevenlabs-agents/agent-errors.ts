import { ELEVEN_LABS, elevenLabsSocketError } from '../elevenlabs/eleven-labs-errors';
import { ProviderError, type ProviderErrorCode } from '../ports/provider-error';
import type { SocketEnd } from '../socket/vendor-socket';
import { loggableCode } from '../shared/vendor-code';

/** An error message of the agent's socket. Any of its fields may be missing. */
export interface AgentFault {
  code: number | undefined;
  errorType: string | undefined;
  /** Free text. It is used only to find the kind of the error, and is never kept or logged. */
  message: string | undefined;
}

/** The vendor's names for errors. Those that come with close code 1008 are errors in the agent's configuration or in our messages. */
const BY_ERROR_TYPE: ReadonlyMap<string, ProviderErrorCode> = new Map<string, ProviderErrorCode>([
  ['llm_timeout', 'timeout'],
  ['transport_receive_timeout', 'timeout'],
  ['asyncio_timeout', 'timeout'],
  ['http_exception', 'unavailable'],
  ['safety_violation', 'invalid_request'],
  ['llm_error', 'unavailable'],
  ['custom_llm_error', 'unavailable'],
  ['cascade_brain_error', 'unavailable'],
  ['asr_transcription_error', 'unavailable'],
  ['vad_error', 'unavailable'],
  ['turn_probability_error', 'unavailable'],
  ['tts_cascade_error', 'unavailable'],
  ['redis_timeout_error', 'unavailable'],
  ['invalid_message', 'invalid_request'],
  ['missing_fields', 'invalid_request'],
  ['value_error', 'invalid_request'],
  ['override_error', 'invalid_request'],
  ['missing_dynamic_variable', 'invalid_request'],
  ['missing_dynamic_variable_transfer', 'invalid_request'],
  ['mcp_tool_error', 'invalid_request'],
  ['mcp_https_error', 'invalid_request'],
  ['telephony_agent_error', 'invalid_request'],
  ['unknown_websocket_crash', 'unavailable'],
  ['unknown', 'unavailable'],
  ['quota_exceeded', 'quota'],
]);

/**
 * What a close code means, either alone or after an error message with an unknown name. A code that is not listed is a plain loss of the
 * connection.
 */
const BY_CODE: ReadonlyMap<number, ProviderErrorCode> = new Map<number, ProviderErrorCode>([
  [1002, 'unavailable'],
  [1003, 'invalid_request'],
  [1007, 'invalid_request'],
  [1008, 'invalid_request'],
  [1009, 'invalid_request'],
  [1011, 'unavailable'],
  [1012, 'unavailable'],
  [1013, 'unavailable'],
  [3000, 'auth'],
  [3003, 'auth'],
  [3008, 'timeout'],
]);

/** The reason that the vendor gives when the maximum duration ends a conversation. It is not a failure. */
export const MAX_DURATION = 'max_duration_exceeded';

const LOGGABLE: ReadonlySet<string> = new Set([...BY_ERROR_TYPE.keys(), MAX_DURATION]);

/** Returns why an agent's socket ended, judging by its close and by the error message before it, if there was one. */
export function agentSocketError(end: SocketEnd, fault: AgentFault | undefined): ProviderError {
  if (end.kind !== 'closed') return elevenLabsSocketError(end);
  const code = (fault && byFault(fault)) ?? BY_CODE.get(end.code) ?? (fault && BY_CODE.get(fault.code ?? 0));
  const details = [end.code, loggableCode(fault?.errorType, LOGGABLE)].filter((part) => part !== undefined).join(', ');
  return new ProviderError(ELEVEN_LABS, code ?? 'connection_lost', `the elevenlabs agent ended the connection (${details})`);
}

/** An error message without an error type can only be judged by its text. */
function byFault({ errorType, message = '' }: AgentFault): ProviderErrorCode | undefined {
  if (/quota|credits?\b|payment/i.test(message)) return 'quota';
  if (/concurren|too many|rate limit/i.test(message)) return 'rate_limited';
  return errorType === undefined ? undefined : BY_ERROR_TYPE.get(errorType);
}
