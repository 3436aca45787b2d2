import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { accessOf } from '../../access';
import type { Fault } from '../../faults/fault';
import type { SeededFaultPlan } from '../../faults/fault-plan';
import { HttpRouter } from '../../server/http-router';
import { headerOf, requestUrl } from '../../server/request';
import { SocketServer } from '../../server/socket-server';
import type { SocketFailure, SocketSession } from '../../server/socket-link';
import { refuseUpgrade, type Refusal } from '../../server/upgrade';
import type { VendorHandlers } from '../../server/vendor-server';
import { bodyForStatus, detail } from '../elevenlabs-errors';
import type { AgentDeps } from './agent-deps';
import { agentFailure, QUOTA_FAILURE } from './agent-errors';
import { AgentSession } from './agent-session';
import { conversationRoutes, unknownAgent } from './conversation-routes';
import { SignedUrls, type Grant } from './signed-urls';
import { agentsById, type SimulatedAgent, type SimulatedAgentOptions } from './simulated-agent';

/** What the simulated agents need. Owned by the simulator. */
export interface AgentsVendorOptions extends Omit<AgentDeps, 'drawFault'> {
  plan: SeededFaultPlan;
  agents: readonly SimulatedAgentOptions[];
}

const PREFIX = '/v1/convai/';
const SOCKET_PATH = '/v1/convai/conversation';
const PROTOCOL = 'convai';
const TOKEN_PROTOCOL = 'bearer.';
const FORBIDDEN = detail(403, 'invalid_signature', 'The signed URL is not valid: it is unknown, has expired or was used already.');

/** True for the paths of the vendor's origin that belong to agents. */
export function isAgentsPath({ url = '/' }: IncomingMessage): boolean {
  return url.startsWith(PREFIX);
}

/** ElevenLabs Agents: signed URLs and tokens over HTTP, and the conversation's socket. */
export function createAgentsVendor({ plan, agents: options, ...shared }: AgentsVendorOptions): VendorHandlers {
  const { tally, random, limits } = shared;
  const agents = agentsById(options);
  const signedUrls = new SignedUrls(random, limits.agentSignedUrlMs);
  const deps: AgentDeps = {
    ...shared,
    drawFault: () => {
      const fault = plan.draw('elevenlabs', 'agent-conversation', ['work']);
      if (fault) tally.faults += 1;
      return fault;
    },
  };
  const socketServer = new SocketServer('elevenlabs', plan, tally, bodyForStatus, PROTOCOL);
  const router = new HttpRouter('elevenlabs', plan, tally, conversationRoutes({ agents, signedUrls, random, tally }), bodyForStatus);

  /** The agent and account that an upgrade request gives access to, or why it is refused. Uses up a signature. */
  const admission = (request: IncomingMessage, query: URLSearchParams): { agent: SimulatedAgent; grant: Grant | undefined } | Refusal => {
    const signature = query.get('conversation_signature') ?? tokenOf(request);
    const grant = signature === undefined ? undefined : signedUrls.redeem(signature);
    const agentId = grant?.agentId ?? query.get('agent_id') ?? '';
    if (signature !== undefined && (!grant || grant.agentId !== (query.get('agent_id') ?? agentId))) return FORBIDDEN;
    const agent = agents.get(agentId);
    if (!agent) return unknownAgent(agentId);
    if (!grant && !agent.public) return detail(403, 'authorization_required', 'The agent is private: a signed URL is needed.');
    return { agent, grant };
  };

  return {
    request: (request: IncomingMessage, response: ServerResponse) => void router.handle(request, response),
    upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const { pathname, searchParams } = requestUrl(request);
      if (pathname !== SOCKET_PATH) return refuseUpgrade(socket, { status: 404, body: bodyForStatus(404) });
      let admitted: ReturnType<typeof admission> | undefined;
      void socketServer.handleUpgrade(request, socket, head, {
        endpoint: 'agent-conversation',
        // Evaluated once, and only if no fault refused the upgrade: a client refused by a fault may use its URL again.
        get refusal() {
          admitted ??= admission(request, searchParams);
          return 'status' in admitted ? admitted : undefined;
        },
        internalError: agentFailure('unknown', 'An internal error occurred.'),
        failureOf,
        open: (link) => {
          admitted ??= admission(request, searchParams);
          if ('status' in admitted) return CLOSED;
          const { agent, grant } = admitted;
          const paid = grant === undefined || accessOf(grant.key) !== 'quota';
          return new AgentSession(link, { agent, conversationId: grant?.conversationId, paid }, deps);
        },
      });
    },
  };
}

const CLOSED: SocketSession = { onText: () => undefined, onBinary: () => undefined, onGone: () => undefined };

/** The failures that only the Agents socket has. */
function failureOf(fault: Fault): SocketFailure | undefined {
  if (fault.kind === 'quota-kill') return QUOTA_FAILURE;
  return fault.kind === 'agent-error' ? agentFailure(fault.errorType, `Simulated ${fault.errorType}.`) : undefined;
}

/** The token that the client sent as a second subprotocol, if any. */
function tokenOf(request: IncomingMessage): string | undefined {
  const protocols = (headerOf(request, 'sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  return protocols.find((name) => name.startsWith(TOKEN_PROTOCOL))?.slice(TOKEN_PROTOCOL.length);
}
