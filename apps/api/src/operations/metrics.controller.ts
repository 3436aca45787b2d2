import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { AgentEngineFactory, type AgentResources, ProviderSwitches, reportSwitches, SessionFactory } from '@parley/server';
import { ConnectionRegistry } from '../transports/websocket/connection-registry';
import { InputMeter } from '../transports/websocket/input/input-meter';
import { OpeningQueue } from '@parley/engine';
import { MetricsText } from './metrics-text';
import { MetricsGuard } from './metrics.guard';

/** Serves the metrics in the Prometheus text format. */
@Controller()
export class MetricsController {
  constructor(
    @Inject(Registry) private readonly registry: Registry,
    @Inject(ConnectionRegistry) private readonly connections: ConnectionRegistry,
    @Inject(SessionFactory) private readonly sessions: SessionFactory,
    @Inject(OpeningQueue) openings: OpeningQueue,
    @Inject(InputMeter) meter: InputMeter,
    @Inject(AgentEngineFactory) private readonly agents: AgentEngineFactory,
    @Inject(ProviderSwitches) switches: ProviderSwitches,
    @Inject(MetricsText) private readonly text: MetricsText,
  ) {
    this.gauge('parley_connections', 'Client connections that are open.', () => this.connections.size);
    this.gaugeBy(
      'engine',
      'parley_connections_by_engine',
      'Client connections by the engine of their conversation; none: not started.',
      () => this.connections.counts(),
    );
    this.gauge('parley_openings', 'Conversations that are being opened.', () => openings.opening);
    this.gauge('parley_openings_waiting', 'Conversations that wait for their turn to be opened.', () => openings.waitingCount);
    this.gauge('parley_sessions', 'Conversations that are running.', () => this.sessions.resources().sessions);
    this.gauge('parley_open_streams', 'Streams to providers that conversations have open.', () => this.sessions.resources().streams);
    this.gauge('parley_turn_timers', 'Timers that conversations have set.', () => this.sessions.resources().timers);
    this.counter('parley_compressed_input_bytes_total', 'Compressed audio that clients sent.', () => meter.compressedBytes);
    this.counter('parley_compressed_input_pcm_bytes_total', 'The PCM that the compressed audio stands for.', () => meter.pcmBytes);
    this.agentMetrics();
    reportSwitches(registry, switches);
    collectDefaultMetrics({ register: this.registry });
  }

  @Get('metrics')
  @UseGuards(MetricsGuard)
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.text.read();
  }

  private agentMetrics(): void {
    const held = (): AgentResources => this.agents.resources();
    this.gauge('parley_agent_conversations', 'Conversations with the agent that are running.', () => held().conversations);
    this.gauge('parley_agent_warm_sessions', 'Agent sessions that are ready for a conversation.', () => held().warm.ready);
    this.counter('parley_agent_warm_hits_total', 'Agent sessions that were ready when they were needed.', () => held().warm.hits);
    this.counter('parley_agent_warm_misses_total', 'Agent sessions that had to be waited for.', () => held().warm.misses);
    this.counter('parley_spoken_line_hits_total', 'Fixed sentences that were spoken from the cache.', () => held().lines.hits);
    this.counter('parley_spoken_line_misses_total', 'Fixed sentences that were not in the cache.', () => held().lines.misses);
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

  private gaugeBy(label: string, name: string, help: string, read: () => Readonly<Record<string, number>>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        for (const [value, count] of Object.entries(read())) this.set({ [label]: value }, count);
      },
    });
  }

  private counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
