import { Controller, Get, Header, Inject } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { AgentEngineFactory, type AgentResources } from '../agent/agent-engine.factory';
import { ConnectionRegistry } from '../connection/connection-registry';
import { SessionFactory } from '../session/session.factory';

/** Prometheus text. A registry of its own: two servers in one process do not share counts. */
@Controller()
export class MetricsController {
  private readonly registry = new Registry();

  constructor(
    @Inject(ConnectionRegistry) private readonly connections: ConnectionRegistry,
    @Inject(SessionFactory) private readonly sessions: SessionFactory,
    @Inject(AgentEngineFactory) private readonly agents: AgentEngineFactory,
  ) {
    const agentResources = (): AgentResources => this.agents.resources();
    this.gauge('parley_connections', 'Client connections that are open.', () => this.connections.size);
    this.gauge('parley_sessions', 'Conversations that are running.', () => this.sessions.resources().sessions);
    this.gauge('parley_open_streams', 'Vendor streams that conversations have open.', () => this.sessions.resources().streams);
    this.gauge('parley_turn_timers', 'Timers that conversations have set.', () => this.sessions.resources().timers);
    this.gauge('parley_agent_conversations', 'Conversations with the agent that are running.', () => agentResources().conversations);
    this.gauge('parley_agent_warm_sessions', 'Agent sessions that are ready for a conversation.', () => agentResources().warm.ready);
    this.gauge('parley_agent_warm_hits', 'Agent conversations that found a session ready.', () => agentResources().warm.hits);
    this.gauge('parley_agent_warm_misses', 'Agent conversations that found none ready.', () => agentResources().warm.misses);
    this.gauge('parley_spoken_line_hits', 'Fixed sentences that were spoken from the cache.', () => agentResources().lines.hits);
    this.gauge('parley_spoken_line_misses', 'Fixed sentences that were not in the cache.', () => agentResources().lines.misses);
    collectDefaultMetrics({ register: this.registry });
  }

  @Get('metrics')
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
