import { createServer, type Server } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocketServer } from 'ws';
import { describeError } from '@parley/engine';
import type { UpgradeTokens } from '../session-tokens/upgrade-tokens';
import { answerClientError } from './client-error';
import type { HostPolicy } from './host-policy';
import { answerBadHandshake, upgradeListener } from './upgrade-listener';

/**
 * Leaves the messages of a socket to the gateway, which attaches its own listeners. The standard adapter parses every frame as JSON, even
 * binary ones, and throws for each, which doubles the CPU time per frame. Our own listener also handles upgrades, because a client can make
 * the standard one end the process.
 */
export class RawWsAdapter extends WsAdapter {
  /** Functions that remove our listeners from the HTTP servers, which outlive the adapter. */
  private readonly detachments: (() => void)[] = [];

  constructor(
    app: INestApplicationContext,
    private readonly hosts: Pick<HostPolicy, 'judge'>,
    private readonly tokens: Pick<UpgradeTokens, 'check'>,
  ) {
    super(app);
  }

  // eslint-disable-next-line @typescript-eslint/no-empty-function -- nothing to bind is the point
  override bindMessageHandlers(): void {}

  /**
   * A client that violates the WebSocket protocol is not our fault, so it is logged without a stack. The listener is attached before the
   * gateway's, so that an error of a refused socket cannot end the process.
   */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    server.on('connection', (socket) =>
      socket.on('error', (error: Error & { code?: string }) => {
        this.logger.warn({ message: 'a client’s socket failed', code: error.code ?? error.name });
      }),
    );
    server.on('wsClientError', answerBadHandshake);
    server.on('error', (error) => this.logger.error(error));
    return server;
  }

  /** Does nothing, so that the standard adapter's listener is not attached. */
  protected override ensureHttpServerExists(port: number, httpServer: Server = createServer()): Server | undefined {
    if (this.httpServersRegistry.has(port)) return undefined;
    this.httpServersRegistry.set(port, httpServer);
    const onUpgrade = upgradeListener({
      hosts: this.hosts,
      tokens: this.tokens,
      serverAt: (path) => this.wsServersRegistry.get(port)?.find((server: WebSocketServer & { path: string }) => server.path === path),
      onFailure: (error) => this.logger.error({ message: 'an upgrade could not be handled', error: describeError(error) }),
    });
    httpServer.on('upgrade', onUpgrade);
    httpServer.on('clientError', answerClientError);
    this.detachments.push(() => httpServer.off('upgrade', onUpgrade).off('clientError', answerClientError));
    return httpServer;
  }

  override async dispose(): Promise<void> {
    for (const detach of this.detachments) detach();
    this.detachments.length = 0;
    await super.dispose();
  }
}
