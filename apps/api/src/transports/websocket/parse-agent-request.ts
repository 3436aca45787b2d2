import type { StartConversation } from '@parley/protocol';
import { parseClientMessage } from '@parley/protocol/validation';

/** The start message that the request for an agent stands for, or a text that explains what is wrong with its query. */
export type AgentRequest = { ok: true; start: StartConversation } | { ok: false; message: string };

/** The options that a client may set in the query; the endpoint sets the others. */
const OPTIONS = ['language', 'voice_id'] as const;

/**
 * Reads the query of a request for `/ws/agent` by the rules of `start_conversation`. Unknown parameters are ignored, as in a message.
 */
export function parseAgentRequest(url = ''): AgentRequest {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  const chosen = Object.fromEntries(OPTIONS.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : [])));
  const parsed = parseClientMessage(JSON.stringify({ ...chosen, type: 'start_conversation', engine: 'agent', audio_transport: 'json' }));
  if (!parsed.ok) return { ok: false, message: parsed.message };
  if (parsed.message.type !== 'start_conversation') throw new Error('a start was read as another message');
  return { ok: true, start: parsed.message };
}
