import type { FailoverProvider } from './failover-options';

interface Session {
  close(): Promise<void>;
}

interface Kept<S> {
  session: S;
  users: number;
}

/** A session that is in use. */
export interface BorrowedSession<S> {
  readonly session: S;
  /** Must be called when the work is done. Idempotent. */
  release(): void;
}

/** The sessions of one conversation, one for each provider, each opened when it is first needed. The pool is closed by whoever made it. */
export class SessionPool<Port, S extends Session> {
  readonly #kept = new Map<FailoverProvider<Port>, Kept<S>>();
  readonly #closing = new Set<Promise<void>>();

  constructor(private readonly open: (port: Port) => S) {}

  /** Opens the session of a provider before its first work. */
  warm(provider: FailoverProvider<Port>): void {
    this.#keptOf(provider);
  }

  /** Returns the session of the provider, which other work may share. */
  borrow(provider: FailoverProvider<Port>): BorrowedSession<S> {
    const kept = this.#keptOf(provider);
    kept.users += 1;
    return { session: kept.session, release: once(() => (kept.users -= 1)) };
  }

  /** Returns a session that is used for one piece of work only. */
  borrowAside(provider: FailoverProvider<Port>): BorrowedSession<S> {
    const session = this.open(provider.port);
    return { session, release: once(() => this.#close(session)) };
  }

  /** Closes the sessions that are not in use, except those of the given providers, so that no connection stays open without need. */
  closeIdle(needed: readonly FailoverProvider<Port>[]): void {
    for (const [provider, { session, users }] of this.#kept) {
      if (users > 0 || needed.includes(provider)) continue;
      this.#kept.delete(provider);
      this.#close(session);
    }
  }

  /** Closes all sessions. Resolves when their connections are closed. */
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
