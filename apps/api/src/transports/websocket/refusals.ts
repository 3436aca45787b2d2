import { CloseCode, type EndReason, type EngineName, type ErrorCode } from '@parley/protocol';

/** The reason why a conversation was not started or was ended. */
export interface Refusal {
  code: ErrorCode;
  message: string;
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
