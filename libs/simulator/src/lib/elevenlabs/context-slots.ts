import type { SocketFailure } from '../server/socket-link';
import { socketFailure } from './elevenlabs-errors';

const MAX_CONTEXTS = 5;

/** The contexts that a socket may have at a time. A closed one counts for a little longer. The owner must clear it. */
export class ContextSlots {
  readonly #closing = new Set<NodeJS.Timeout>();

  constructor(private readonly releaseMs: number) {}

  /** The failure if another context cannot be opened beside this many. */
  problemWith(open: number): SocketFailure | undefined {
    return open + this.#closing.size >= MAX_CONTEXTS
      ? socketFailure('max_active_conversations', `At most ${MAX_CONTEXTS} contexts can be active.`)
      : undefined;
  }

  /** A context was closed. */
  release(): void {
    const timer = setTimeout(() => this.#closing.delete(timer), this.releaseMs);
    this.#closing.add(timer);
  }

  clear(): void {
    for (const timer of this.#closing) clearTimeout(timer);
  }
}
