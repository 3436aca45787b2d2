import type { ElevenLabsFault } from '../../faults/fault';
import { randomId } from '../../random';
import { IdleTimer } from '../../server/idle-timer';
import type { SocketFailure, SocketLink, SocketSession } from '../../server/socket-link';
import { AgentConversation } from './agent-conversation';
import type { AgentDeps } from './agent-deps';
import { agentFailure } from './agent-errors';
import { pingFrame } from './agent-frames';
import { parseClientEvent, type ClientEvent } from './client-event';
import { beginConversation } from './initiation';
import { Heartbeat } from './heartbeat';
import type { SimulatedAgent } from './simulated-agent';

export interface SessionOptions {
  agent: SimulatedAgent;
  /** The id that a signed URL was issued with, if any. */
  conversationId: string | undefined;
  /** False when the account's quota is used up. */
  paid: boolean;
}

/** One connection to `/v1/convai/conversation`. It sends nothing until the client's first frame, which begins the conversation. */
export class AgentSession implements SocketSession {
  readonly #idle: IdleTimer;
  #conversation: AgentConversation | undefined;
  #heartbeat: Heartbeat | undefined;
  #longest: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    private readonly link: SocketLink<ElevenLabsFault>,
    private readonly options: SessionOptions,
    private readonly deps: AgentDeps,
  ) {
    this.#idle = new IdleTimer(deps.limits.agentIdleMs, () =>
      this.#fail(agentFailure('transport_receive_timeout', 'No input was received in time.')),
    );
  }

  onBinary(): void {
    this.#fail(agentFailure('invalid_message', 'Messages must be JSON text.'));
  }

  onText(text: string): void {
    if (this.#ended) return;
    const event = parseClientEvent(text);
    if ('frame' in event) return this.#fail(event);
    if (event.type === 'pong') return this.#onPong(event.eventId);
    this.#idle.restart();
    if (event.type === 'conversation_initiation_client_data') return this.#onInitiation(event);
    if (!this.#conversation && this.options.agent.requiresInitiation) {
      return this.#fail(agentFailure('invalid_message', 'The first message must be conversation_initiation_client_data.'));
    }
    (this.#conversation ?? this.#begin({}))?.receive(event);
  }

  onGone(): void {
    this.#stop();
    if (!this.#conversation) return;
    this.#conversation.close();
    this.deps.tally.conversationsOpen -= 1;
  }

  #onPong(eventId: number): void {
    if (this.#heartbeat?.onPong(eventId)) this.deps.tally.pongs += 1;
  }

  #onInitiation({ data }: Extract<ClientEvent, { type: 'conversation_initiation_client_data' }>): void {
    if (this.#conversation) this.#fail(agentFailure('invalid_message', 'The conversation has begun already.'));
    else this.#begin(data);
  }

  #begin(data: Parameters<typeof beginConversation>[1]): AgentConversation | undefined {
    const { link, deps, options } = this;
    const { agent, paid } = options;
    const id = options.conversationId ?? `conv_${randomId(deps.random, 26).toLowerCase()}`;
    const settings = beginConversation(agent, data, {
      system__agent_id: agent.id,
      system__conversation_id: id,
      system__time_utc: deps.now().toISOString(),
    });
    if ('frame' in settings) return void this.#fail(settings);
    const fail = (failure: SocketFailure): void => this.#fail(failure);
    const conversation = new AgentConversation({ id, agent, settings, link, deps, paid, fail });
    this.#conversation = conversation;
    deps.tally.conversations += 1;
    deps.tally.conversationsOpen += 1;
    this.#longest = setTimeout(
      () => this.#fail(agentFailure('max_duration_exceeded', 'The conversation has reached its longest duration.')),
      agent.maxDurationMs,
    );
    this.#heartbeat = new Heartbeat(
      deps.limits.agentPingMs,
      deps.limits.agentPongTimeoutMs,
      (roundTripMs) => {
        const eventId = conversation.events.nextId();
        conversation.events.send(pingFrame(eventId, roundTripMs));
        deps.tally.pings += 1;
        return eventId;
      },
      () => this.#fail(agentFailure('asyncio_timeout', 'The client does not answer.')),
    );
    conversation.begin();
    return conversation;
  }

  #fail(failure: SocketFailure): void {
    if (this.#ended) return;
    this.#stop();
    this.link.fail(failure);
  }

  #stop(): void {
    this.#ended = true;
    this.#idle.stop();
    this.#heartbeat?.stop();
    clearTimeout(this.#longest);
  }
}
