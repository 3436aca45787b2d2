import { CloseCode, type EndReason, type EngineName, type ErrorCode } from '@parley/protocol';
import type { StartRefusal } from '../limits/refusal';

/** The reason why a conversation was not started or was ended. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  /** When it is worth trying again, in ms from now. */
  retryAfterMs?: number;
}

/** The close code of a socket by the reason for which its conversation ended. */
export const CLOSE_CODE: Record<EndReason, number> = {
  client: CloseCode.normal,
  inactivity_timeout: CloseCode.normal,
  server_shutdown: CloseCode.draining,
  error: CloseCode.internal,
};

export const NO_SUCH_ENGINE: Record<EngineName, Refusal> = {
  pipeline: { code: 'internal', message: 'The pipeline engine is not available on this server.' },
  agent: { code: 'agent_failed', message: 'The agent engine is not available on this server.' },
};

export const NOT_STARTED: Record<EngineName, Refusal> = {
  pipeline: { code: 'internal', message: 'The conversation could not be started.' },
  agent: { code: 'agent_failed', message: 'The conversation with the agent could not be started.' },
};

/** The server's own code has failed. */
export const FAULT: Refusal = { code: 'internal', message: 'Something went wrong on the server.' };

/** The close code of a socket on which something could not be started. */
export const START_CLOSE_CODE: Record<StartRefusal['code'], number> = {
  server_busy: CloseCode.tryAgainLater,
  rate_limited: CloseCode.refused,
};

/** The memory that connections of an address may take before anything was started on them is used up. */
export const HELD_TOO_MUCH: Refusal = {
  code: 'rate_limited',
  message: 'Connections from your address hold too many unfinished messages.',
};

/** The fields of a fatal `error` message. */
export const fatalError = <Code extends string>({
  code,
  message,
  retryAfterMs,
}: {
  code: Code;
  message: string;
  retryAfterMs?: number;
}) => ({
  ...{ type: 'error' as const, code, message, fatal: true },
  ...(retryAfterMs !== undefined && { retry_after_ms: Math.ceil(retryAfterMs) }),
});
