import type { FailoverProvider } from './failover-options';

interface Session {
  close(): Promise<void>;
}

interface Kept<S> {
  session: S;
  users: number;
}

/** A session that somebody works with. */
export interface BorrowedSession<S> {
  readonly session: S;
  /** To be called when the work is done. Idempotent. */
  release(): void;
}

/** The sessions of one conversation, one per provider, each opened when it is first needed. Closed by whoever made it. */
export class SessionPool<Port, S extends Session> {
  readonly #kept = new Map<FailoverProvider<Port>, Kept<S>>();
  readonly #closing = new Set<Promise<void>>();

  constructor(private readonly open: (port: Port) => S) {}

  /** Opens the provider's session ahead of the first work. */
  warm(provider: FailoverProvider<Port>): void {
    this.#keptOf(provider);
  }

  /** The provider's session, shared with other work. */
  borrow(provider: FailoverProvider<Port>): BorrowedSession<S> {
    const kept = this.#keptOf(provider);
    kept.users += 1;
    return { session: kept.session, release: once(() => (kept.users -= 1)) };
  }

  /** A session for one piece of work alone. */
  borrowAside(provider: FailoverProvider<Port>): BorrowedSession<S> {
    const session = this.open(provider.port);
    return { session, release: once(() => this.#close(session)) };
  }

  /** Closes what nobody works with, but for the sessions of those named: connections to providers that are not needed now. */
  closeIdle(needed: readonly FailoverProvider<Port>[]): void {
    for (const [provider, { session, users }] of this.#kept) {
      if (users > 0 || needed.includes(provider)) continue;
      this.#kept.delete(provider);
      this.#close(session);
    }
  }

  /** Closes all of them; resolves when their connections are gone. */
  async close(): Promise<void> {
    for (const { session } of this.#kept.values()) this.#close(session);
    this.#kept.clear();
    await Promise.all(this.#closing);
  }

  #keptOf(provider: FailoverProvider<Port>): Kept<S> {
    const kept = this.#kept.get(provider) ?? { session: this.open(provider.port), users: 0 };
    this.#kept.set(provider, kept);
    return kept;
  }

  #close(session: S): void {
    const closing = session.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
