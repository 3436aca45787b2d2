import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { EngineName, ServerMessage } from '@parley/protocol';
import type { ClientConnection } from './client-connection';

/** A client that has been connected for this long without starting a conversation was forgotten, or its connection died unnoticed. */
const START_TIMEOUT_MS = 5 * 60_000;
/** How long clients get to close their connections after they were told that the server shuts down. */
const DRAIN_MS = 2_000;

const CLOSING: ServerMessage = {
  type: 'notice',
  code: 'server_closing',
  message: 'The server is being restarted. Please come back in a moment.',
};

/** Number of connections by the engine of their conversation; `none` counts those without a conversation. */
export type ConnectionCounts = Record<EngineName | 'none', number>;

/** Keeps all connections and sends messages to all of them. Ends all conversations when the server shuts down. */
@Injectable()
export class ConnectionRegistry implements BeforeApplicationShutdown {
  /** Each connection with its timer that waits for a conversation to start. */
  private readonly connections = new Map<ClientConnection, NodeJS.Timeout>();
  private drained: (() => void) | undefined;
  private isDraining = false;

  get size(): number {
    return this.connections.size;
  }

  /** The number of connections by engine. */
  counts(): ConnectionCounts {
    const counts: ConnectionCounts = { none: 0, pipeline: 0, agent: 0 };
    for (const { engineName } of this.connections.keys()) counts[engineName ?? 'none'] += 1;
    return counts;
  }

  /** True once the server has begun to shut down and accepts no new conversations. */
  get draining(): boolean {
    return this.isDraining;
  }

  add(connection: ClientConnection): void {
    this.connections.set(connection, setTimeout(() => connection.closeUnstarted(), START_TIMEOUT_MS).unref());
  }

  remove(connection: ClientConnection): void {
    clearTimeout(this.connections.get(connection));
    this.connections.delete(connection);
    if (this.connections.size === 0) this.drained?.();
  }

  /** Sends a message to every connection. */
  broadcast(message: ServerMessage): void {
    for (const connection of this.connections.keys()) connection.send(message);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isDraining = true;
    this.broadcast(CLOSING);
    for (const connection of this.connections.keys()) connection.shutDown();
    if (this.connections.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, DRAIN_MS);
      this.drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
