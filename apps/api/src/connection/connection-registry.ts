import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { ClientConnection } from './client-connection';

/** How long clients get to close after they were told that the server goes away. */
const DRAIN_MS = 2_000;

/** Who is connected. Closes all conversations when the server goes down. */
@Injectable()
export class ConnectionRegistry implements BeforeApplicationShutdown {
  private readonly connections = new Set<ClientConnection>();
  private drained: (() => void) | undefined;
  private isDraining = false;

  get size(): number {
    return this.connections.size;
  }

  /** True once the server has begun to go down: no new conversations. */
  get draining(): boolean {
    return this.isDraining;
  }

  add(connection: ClientConnection): void {
    this.connections.add(connection);
  }

  remove(connection: ClientConnection): void {
    this.connections.delete(connection);
    if (this.connections.size === 0) this.drained?.();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isDraining = true;
    for (const connection of this.connections) connection.shutDown();
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
