import type { FailureReason } from '@parley/conversation';

/** Plain words for the user: what to do. Nothing of what the vendor said. */
export const AGENT_FAILURE: Readonly<Record<FailureReason, string>> = {
  auth: "The agent refused the server's key. Whoever runs this server should check ELEVENLABS_API_KEY and ELEVENLABS_AGENT_ID.",
  quota: 'The agent has used up its credit.',
  rate_limited: 'The agent has too many conversations just now. Please try again in a moment.',
  invalid_request:
    'The agent did not accept the conversation: its settings on this server are not right. Whoever runs it should check AGENT_OVERRIDES.',
  model_not_found: 'There is no such agent. Whoever runs this server should check ELEVENLABS_AGENT_ID.',
  unavailable: 'The agent is not available just now.',
  timeout: 'The agent did not answer in time.',
  connection_lost: 'The connection to the agent was lost.',
  bad_response: 'The agent gave no usable answer.',
};
