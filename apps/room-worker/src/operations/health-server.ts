import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';
import { Registry } from 'prom-client';
import { ROOM_SETTINGS, type WorkerSettings } from '../rooms/room-settings.token';
import { WorkerHost } from '../rooms/worker-host';
import { StartFailure } from '../start-failure';
import { WorkerMetrics } from './worker-metrics';

/** Answers the probes of an orchestrator and serves the metrics, if it is given a port. The server's paths of the probes work as well. */
@Injectable()
export class HealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HealthServer.name);
  private server: Server | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'host'>,
    @Inject(ROOM_SETTINGS) private readonly rooms: Pick<WorkerSettings, 'workerHealthPort'>,
    @Inject(WorkerHost) private readonly host: Pick<WorkerHost, 'state'>,
    @Inject(WorkerMetrics) private readonly metrics: Pick<WorkerMetrics, 'text'>,
  ) {}

  /** The port that it listens on; undefined where it does not. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const port = this.rooms.workerHealthPort;
    if (port === undefined) return;
    this.server = createServer((request, response) => void this.answer(request, response)).listen(port, this.settings.host);
    try {
      await once(this.server, 'listening');
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : 'unknown';
      throw new StartFailure(`ROOM_WORKER_HEALTH_PORT ${port} on HOST ${this.settings.host} cannot be listened on: ${code}`);
    }
    this.logger.log({ message: 'answers /live, /ready and /metrics', host: this.settings.host, port: this.port });
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') return end(response, 405, { allow: 'GET, HEAD' });
    switch (url?.split('?')[0]) {
      case '/live':
      case '/api/health':
        return end(response, 200, {}, '{"status":"ok"}');
      case '/ready':
      case '/api/ready': {
        const { isRegistered, isDraining, rooms, slots } = this.host.state();
        const ready = isRegistered && !isDraining;
        return end(response, ready ? 200 : 503, {}, JSON.stringify({ ready, isRegistered, isDraining, rooms, slots }));
      }
      case '/metrics':
        return end(response, 200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }, await this.metrics.text());
      default:
        return end(response, 404, {});
    }
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string>, body = ''): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(body);
}
