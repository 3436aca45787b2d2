import { randomId, type Random } from '../../random';

/** What a signature or token gives access to. */
export interface Grant {
  agentId: string;
  /** The API key of the account that asked. */
  key: string;
  /** Set when the conversation id was requested together with the URL. */
  conversationId: string | undefined;
}

/** Issues signatures of conversation URLs and tokens; each opens one conversation before it expires. */
export class SignedUrls {
  readonly #grants = new Map<string, { grant: Grant; madeAtMs: number }>();

  constructor(
    private readonly random: Random,
    private readonly lifetimeMs: number,
  ) {}

  sign(grant: Grant): string {
    const signature = `cvtkn_${randomId(this.random, 32)}`;
    this.#forgetExpired();
    this.#grants.set(signature, { grant, madeAtMs: performance.now() });
    return signature;
  }

  /** What a signature gives access to; undefined when it is unknown, used or expired. Uses it up. */
  redeem(signature: string): Grant | undefined {
    this.#forgetExpired();
    const found = this.#grants.get(signature);
    this.#grants.delete(signature);
    return found?.grant;
  }

  #forgetExpired(): void {
    for (const [signature, { madeAtMs }] of this.#grants) {
      if (performance.now() - madeAtMs >= this.lifetimeMs) this.#grants.delete(signature);
    }
  }
}
