import { Controller, Get, Header, Inject } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { ConnectionRegistry } from '../connection/connection-registry';
import { SessionFactory } from '../session/session.factory';

/** Prometheus text. */
@Controller()
export class MetricsController {
  constructor(
    @Inject(Registry) private readonly registry: Registry,
    @Inject(ConnectionRegistry) private readonly connections: ConnectionRegistry,
    @Inject(SessionFactory) private readonly sessions: SessionFactory,
  ) {
    this.gauge('parley_connections', 'Client connections that are open.', () => this.connections.size);
    this.gauge('parley_sessions', 'Conversations that are running.', () => this.sessions.resources().sessions);
    this.gauge('parley_open_streams', 'Vendor streams that conversations have open.', () => this.sessions.resources().streams);
    this.gauge('parley_turn_timers', 'Timers that conversations have set.', () => this.sessions.resources().timers);
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
