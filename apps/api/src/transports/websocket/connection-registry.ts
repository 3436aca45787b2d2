import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { EngineName, Notice } from '@parley/protocol';
import { type Settings, SETTINGS } from '@parley/server';
import { drain } from './drain';

/** How long clients get to close their connections after they were told that the server shuts down. */
const CLOSE_MS = 2_000;

const CLOSING: Notice = {
  type: 'notice',
  code: 'server_closing',
  message: 'The server is being restarted. Please come back in a moment.',
};

/** What a connection carries: a conversation with one of the engines, or a narration. */
export type ConnectionKind = EngineName | 'narration';

/** The part of a connection that the registry uses. */
export interface RegisteredConnection {
  /** Undefined until something was started on it. */
  readonly engineName: ConnectionKind | undefined;
  /** Whether an end would cut something off. */
  readonly isInTurn: boolean;
  send(message: Notice): void;
  /** Closes the connection if nothing was started on it. */
  closeUnstarted(): void;
  /** Ends what runs on it because the server shuts down. */
  shutDown(): void;
}

/** Number of connections by what they carry; `none` counts those on which nothing was started. */
export type ConnectionCounts = Record<ConnectionKind | 'none', number>;

/** Keeps all connections and sends messages to all of them. Ends all conversations when the server shuts down. */
@Injectable()
export class ConnectionRegistry implements BeforeApplicationShutdown {
  /** Each connection with its timer that waits for a conversation to start. */
  private readonly connections = new Map<RegisteredConnection, NodeJS.Timeout>();
  private drained: (() => void) | undefined;
  private isDraining = false;

  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'limits'>) {}

  get size(): number {
    return this.connections.size;
  }

  /** The number of connections by engine. */
  counts(): ConnectionCounts {
    const counts: ConnectionCounts = { none: 0, pipeline: 0, agent: 0, narration: 0 };
    for (const { engineName } of this.connections.keys()) counts[engineName ?? 'none'] += 1;
    return counts;
  }

  /** True once the server has begun to shut down and accepts no new conversations. */
  get draining(): boolean {
    return this.isDraining;
  }

  add(connection: RegisteredConnection): void {
    this.connections.set(connection, setTimeout(() => connection.closeUnstarted(), this.settings.limits.startTimeoutMs).unref());
  }

  remove(connection: RegisteredConnection): void {
    clearTimeout(this.connections.get(connection));
    this.connections.delete(connection);
    if (this.connections.size === 0) this.drained?.();
  }

  /** Sends a message to every connection. */
  broadcast(message: Notice): void {
    for (const connection of this.connections.keys()) connection.send(message);
  }

  /**
   * Accepts no new conversations from now on, says so to every client, and lets those that are going on continue for `withinMs` at most. Resolves
   * when none is left or the time is over. The shutdown ends the others.
   */
  async drain(withinMs: number): Promise<void> {
    this.beginDraining();
    if (withinMs === 0) return;
    const connections = [...this.connections.keys()];
    const started = connections.filter(({ engineName }) => engineName !== undefined);
    for (const connection of connections) if (connection.engineName === undefined) connection.shutDown();
    await drain(started, { withinMs, isEmpty: () => this.connections.size === 0 });
  }

  private beginDraining(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    this.broadcast(CLOSING);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.beginDraining();
    for (const connection of this.connections.keys()) connection.shutDown();
    if (this.connections.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSE_MS);
      this.drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
