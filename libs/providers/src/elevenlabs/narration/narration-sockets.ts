import type { Agent } from 'node:http';
import { Watchdog } from '../../shared/watchdog';
import { warmAgent } from '../../socket/warm-agent';
import { NarrationSocket } from './narration-socket';

export interface NarrationSocketsOptions {
  apiKey: string;
  handshakeTimeoutMs: number;
  /** Whether a spare socket is kept open for the next narration, or the next connection of the same one. */
  keepsSpare: boolean;
  /** How long a spare socket waits before it is replaced or closed, in milliseconds. Must be less than the idle limit of the vendor. */
  spareIdleMs: number;
}

interface Spare {
  socket: NarrationSocket;
  expiry: Watchdog;
}

/** The most spare sockets that are kept for voices that nobody uses at the moment. */
const MOST_SPARES = 8;

/**
 * Opens the sockets of all narrations. The address of a socket fixes its voice, model and format, so one spare is kept for each address. It
 * is renewed before it idles out while a narration uses its address, and otherwise closed then.
 */
export class NarrationSockets {
  readonly #spares = new Map<string, Spare>();
  readonly #users = new Map<string, number>();
  readonly #open = new Set<NarrationSocket>();
  #agent: Agent | undefined;
  #isClosed = false;

  constructor(private readonly options: NarrationSocketsOptions) {}

  /** Registers a narration that uses an address. Returns the function that must be called at its end. */
  use(url: string): () => void {
    this.#users.set(url, (this.#users.get(url) ?? 0) + 1);
    return () => {
      const users = (this.#users.get(url) ?? 1) - 1;
      if (users > 0) this.#users.set(url, users);
      else this.#users.delete(url);
    };
  }

  /** Returns the spare socket of an address, or a new one. The caller ends it. */
  take(url: string): NarrationSocket {
    const spare = this.#remove(url);
    const socket = spare?.isUsable ? spare : this.#connect(url);
    return socket;
  }

  /** Opens a spare socket for an address, unless there is one. */
  prepare(url: string): void {
    if (this.#isClosed || !this.options.keepsSpare || this.#spares.has(url)) return;
    const socket = this.#connect(url);
    const expiry = new Watchdog(() => this.#expired(url));
    const spare = { socket, expiry };
    this.#spares.set(url, spare);
    expiry.arm(this.options.spareIdleMs);
    void socket.gone.then(() => {
      if (this.#spares.get(url) !== spare) return;
      expiry.disarm();
      this.#spares.delete(url);
    });
    const [oldest] = this.#spares.keys();
    if (this.#spares.size > MOST_SPARES && oldest !== undefined) this.#remove(oldest)?.close();
  }

  /** Ends all connections. Resolves when they are gone. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const url of [...this.#spares.keys()]) this.#remove(url);
    const open = [...this.#open];
    for (const socket of open) socket.close();
    await Promise.all(open.map(({ gone }) => gone));
    this.#agent?.destroy();
  }

  #expired(url: string): void {
    this.#remove(url)?.close();
    if (this.#users.has(url)) this.prepare(url);
  }

  #remove(url: string): NarrationSocket | undefined {
    const spare = this.#spares.get(url);
    spare?.expiry.disarm();
    this.#spares.delete(url);
    return spare?.socket;
  }

  #connect(url: string): NarrationSocket {
    const { apiKey, handshakeTimeoutMs } = this.options;
    this.#agent ??= warmAgent(url);
    const socket = new NarrationSocket({ url, apiKey, handshakeTimeoutMs, agent: this.#agent });
    this.#open.add(socket);
    void socket.gone.then(() => this.#open.delete(socket));
    return socket;
  }
}
