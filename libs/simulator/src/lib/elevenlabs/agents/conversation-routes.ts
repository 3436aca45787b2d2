import { accessOf } from '../../access';
import type { AgentCounters, Tally } from '../../counters';
import type { ElevenLabsFault, Endpoint } from '../../faults/fault';
import { randomId, type Random } from '../../random';
import type { HttpRoute } from '../../server/http-router';
import type { HttpExchange } from '../../server/http-exchange';
import { detail, refusalFor, type ErrorAnswer } from '../elevenlabs-errors';
import type { SignedUrls } from './signed-urls';
import type { SimulatedAgent } from './simulated-agent';

export interface ConversationRoutesDeps {
  agents: ReadonlyMap<string, SimulatedAgent>;
  signedUrls: SignedUrls;
  random: Random;
  tally: Tally<AgentCounters>;
}

/** The routes that give a client access to a private agent without the API key: signed URLs and tokens. */
export function conversationRoutes({ agents, signedUrls, random, tally }: ConversationRoutesDeps): HttpRoute<ElevenLabsFault>[] {
  const route = (
    endpoint: Endpoint<'elevenlabs'>,
    name: string,
    respond: (exchange: HttpExchange<ElevenLabsFault>, agentId: string, key: string) => object,
  ): HttpRoute<ElevenLabsFault> => ({
    endpoint,
    method: 'GET',
    path: new RegExp(`^/v1/convai/conversation/${name}$`),
    failure: { garbage: '<html>502 Bad Gateway</html>' },
    handle: (exchange) => {
      const headers = { 'request-id': randomId(random, 20) };
      const key = exchange.header('xi-api-key') ?? '';
      const agentId = exchange.url.searchParams.get('agent_id');
      const refusal = refusalOf(key, agentId);
      if (refusal) return exchange.json(refusal.status, refusal.body, headers);
      tally.grants += 1;
      exchange.json(200, respond(exchange, agentId ?? '', key), headers);
    },
  });
  const refusalOf = (key: string, agentId: string | null): ErrorAnswer | undefined => {
    const access = accessOf(key);
    // These requests cost nothing, so a used-up quota shows only in the conversation.
    const refused = access === 'quota' ? undefined : refusalFor(access);
    if (refused) return refused;
    if (agentId === null) {
      return { status: 422, body: { detail: [{ loc: ['query', 'agent_id'], msg: 'Field required', type: 'missing' }] } };
    }
    return agents.has(agentId) ? undefined : unknownAgent(agentId);
  };

  return [
    route('agent-signed-url', '(?:get-signed-url|get_signed_url)', (exchange, agentId, key) => {
      const { searchParams } = exchange.url;
      const wanted = searchParams.get('include_conversation_id') === 'true';
      const conversationId = wanted ? `conv_${randomId(random, 26).toLowerCase()}` : undefined;
      const signedUrl = new URL(`ws://${exchange.header('host') ?? '127.0.0.1'}/v1/convai/conversation`);
      signedUrl.searchParams.set('agent_id', agentId);
      for (const name of ['branch_id', 'version_id', 'environment']) {
        const value = searchParams.get(name);
        if (value !== null) signedUrl.searchParams.set(name, value);
      }
      signedUrl.searchParams.set('conversation_signature', signedUrls.sign({ agentId, key, conversationId }));
      return { signed_url: signedUrl.href, ...(conversationId !== undefined && { conversation_id: conversationId }) };
    }),
    route('agent-token', 'token', (_exchange, agentId, key) => ({ token: signedUrls.sign({ agentId, key, conversationId: undefined }) })),
  ];
}

/** The answer to a request for an agent that does not exist. */
export function unknownAgent(agentId: string): ErrorAnswer {
  return detail(404, 'document_not_found', `Document with id ${agentId} not found.`);
}
