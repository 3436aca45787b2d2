import type { Claim, EpisodeStore } from '../storage';

/** A claim that is renewed until it is let go. */
export interface HeldClaim {
  readonly claim: Claim;
  /** Aborts when the claim is lost, or with the signal that was given. */
  readonly signal: AbortSignal;
  letGo(): void;
}

interface Entry {
  claim: Claim;
  kind: 'segment' | 'assembly';
  lost: AbortController;
}

/** Renews the claims of this server, so that nobody takes its work over while it lives. */
export class HeldClaims {
  readonly #store: EpisodeStore;
  readonly #leaseMs: number;
  readonly #entries = new Set<Entry>();
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #isRenewing = false;

  constructor(store: EpisodeStore, leaseMs: number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#leaseMs = leaseMs;
    this.#onError = onError;
  }

  hold(kind: Entry['kind'], claim: Claim, signal: AbortSignal): HeldClaim {
    const entry: Entry = { claim, kind, lost: new AbortController() };
    this.#entries.add(entry);
    // Twice before it ends, so that one failure is not a loss.
    this.#timer ??= setInterval(() => void this.renew(), this.#leaseMs / 3);
    const letGo = (): void => {
      this.#entries.delete(entry);
      if (this.#entries.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
    return { claim, signal: AbortSignal.any([signal, entry.lost.signal]), letGo };
  }

  /** Also finds out at once which claims are lost. Never rejects. */
  async renew(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      const entries = [...this.#entries];
      const segments = entries.filter(({ kind }) => kind === 'segment');
      const held = await this.#store.renewSegments(
        segments.map(({ claim }) => claim),
        this.#leaseMs,
      );
      for (const entry of segments)
        if (!held.some(({ id, token }) => id === entry.claim.id && token === entry.claim.token)) entry.lost.abort();
      for (const entry of entries) {
        if (entry.kind === 'assembly' && !(await this.#store.renewAssembly(entry.claim, this.#leaseMs))) entry.lost.abort();
      }
    } catch (error) {
      // The next renewal may succeed. If none does, the work cannot be finished either.
      this.#onError(error);
    } finally {
      this.#isRenewing = false;
    }
  }
}
