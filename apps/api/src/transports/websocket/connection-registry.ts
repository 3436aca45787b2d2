import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { EngineName, ServerMessage } from '@parley/protocol';
import type { ClientConnection } from './client-connection';

/** A client that is connected for so long and has started nothing has been forgotten, or its line has died without a word. */
const START_TIMEOUT_MS = 5 * 60_000;
/** How long clients get to close after they were told that the server goes away. */
const DRAIN_MS = 2_000;

const CLOSING: ServerMessage = {
  type: 'notice',
  code: 'server_closing',
  message: 'The server is being restarted. Please come back in a moment.',
};

/** Connections by the engine of their conversation; `none`: not started. */
export type ConnectionCounts = Record<EngineName | 'none', number>;

/** Who is connected, and the way to tell them all. Closes all conversations when the server goes down. */
@Injectable()
export class ConnectionRegistry implements BeforeApplicationShutdown {
  /** With what waits for them to start. */
  private readonly connections = new Map<ClientConnection, NodeJS.Timeout>();
  private drained: (() => void) | undefined;
  private isDraining = false;

  get size(): number {
    return this.connections.size;
  }

  /** Who is connected, by engine. */
  counts(): ConnectionCounts {
    const counts: ConnectionCounts = { none: 0, pipeline: 0, agent: 0 };
    for (const { engineName } of this.connections.keys()) counts[engineName ?? 'none'] += 1;
    return counts;
  }

  /** True once the server has begun to go down: no new conversations. */
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

  /** Tells everyone who is connected. */
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
