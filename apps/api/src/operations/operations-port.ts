import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Settings, SETTINGS } from '@parley/server';
import { parseTarget } from '../transports/websocket/request-target';

const PATHS = ['/metrics', '/api/health', '/api/ready'];

/** A port for operators alone, if `OPERATIONS_PORT` is set: it can be kept from the network that clients come from. */
@Injectable()
export class OperationsPort implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OperationsPort.name);
  private readonly requests = new WeakSet<IncomingMessage>();
  private server: Server | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'access' | 'host'>,
    @Inject(HttpAdapterHost) private readonly adapter: HttpAdapterHost,
  ) {}

  /** The port that is open; undefined where there is none. */
  get number(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  /** Whether the request came by this port, or operators have no port of their own. */
  isFor(request: IncomingMessage): boolean {
    return this.settings.access.operationsPort === undefined || this.requests.has(request);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { operationsPort } = this.settings.access;
    if (operationsPort === undefined) return;
    const answer = this.adapter.httpAdapter.getInstance<RequestListener>();
    this.server = createServer((request, response) => {
      if (!PATHS.includes(parseTarget(request.url)?.path ?? '')) return void response.writeHead(404).end();
      this.requests.add(request);
      answer(request, response);
    });
    this.server.listen(operationsPort, this.settings.host);
    await once(this.server, 'listening');
    this.logger.log(`operations are served on port ${this.number}`);
  }

  /** Operators see the server until its end. */
  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
