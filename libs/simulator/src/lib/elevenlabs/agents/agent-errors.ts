import type { SocketFailure } from '../../server/socket-link';

/** Every `error_type` of the Agents socket and the code of the close that follows its error frame. */
export const AGENT_ERROR_CODES = {
  max_duration_exceeded: 1000,
  llm_timeout: 1002,
  transport_receive_timeout: 1002,
  asyncio_timeout: 1002,
  http_exception: 1002,
  safety_violation: 1002,
  llm_error: 1002,
  custom_llm_error: 1002,
  cascade_brain_error: 1002,
  asr_transcription_error: 1002,
  vad_error: 1002,
  turn_probability_error: 1002,
  tts_cascade_error: 1002,
  redis_timeout_error: 1002,
  invalid_message: 1008,
  missing_fields: 1008,
  value_error: 1008,
  override_error: 1008,
  missing_dynamic_variable: 1008,
  missing_dynamic_variable_transfer: 1008,
  mcp_tool_error: 1008,
  mcp_https_error: 1008,
  telephony_agent_error: 1008,
  unknown_websocket_crash: 1011,
  unknown: 1011,
} as const satisfies Record<string, number>;

/** An `error_type` of the Agents socket. */
export type AgentErrorType = keyof typeof AGENT_ERROR_CODES;

/** The vendor's error frame and the close that follows it. */
export function agentFailure(errorType: AgentErrorType, message: string): SocketFailure {
  const code = AGENT_ERROR_CODES[errorType];
  const error_event = { code, message, error_type: errorType, reason: message, debug_message: null, details: {} };
  return { frame: { type: 'error', error_event }, code, reason: message };
}

/** A used-up quota: the one error whose frame has no `error_event`. */
export const QUOTA_FAILURE: SocketFailure = {
  frame: { type: 'error', message: 'received 1002 (protocol error) This request exceeds your quota limit.' },
  code: 1002,
  reason: 'This request exceeds your quota limit.',
};
