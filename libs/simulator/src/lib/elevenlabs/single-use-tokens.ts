import { randomId, type Random } from '../random';

const KINDS: readonly string[] = ['realtime_scribe', 'batch_scribe', 'tts_websocket'];
const LIFETIME_MS = 15 * 60_000;

/** Tokens that open one socket each, for browsers that must not hold the key. */
export class SingleUseTokens {
  readonly #tokens = new Map<string, { kind: string; key: string; madeAtMs: number }>();

  constructor(private readonly random: Random) {}

  /** A token of that kind for an account; undefined when there is no such kind. */
  issue(kind: string, key: string): string | undefined {
    if (!KINDS.includes(kind)) return undefined;
    const token = `sutkn_${randomId(this.random, 32)}`;
    this.#forgetExpired();
    this.#tokens.set(token, { kind, key, madeAtMs: performance.now() });
    return token;
  }

  /** The API key behind a token; undefined when it is unknown, used, expired or of another kind. Uses it up. */
  redeem(token: string, kind: string): string | undefined {
    this.#forgetExpired();
    const found = this.#tokens.get(token);
    if (found?.kind !== kind) return undefined;
    this.#tokens.delete(token);
    return found.key;
  }

  #forgetExpired(): void {
    for (const [token, { madeAtMs }] of this.#tokens) {
      if (performance.now() - madeAtMs > LIFETIME_MS) this.#tokens.delete(token);
    }
  }
}
