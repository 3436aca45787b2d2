import { randomId, type Random } from '../../random';

/** What a signature opens. */
export interface Grant {
  agentId: string;
  /** Of the account that asked. */
  key: string;
  /** Fixed when the id was asked for together with the URL. */
  conversationId: string | undefined;
}

/** Signatures of conversation URLs, and tokens that take their place: each opens one conversation, within its time. */
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

  /** What a signature opens, which is used up by this; undefined when it is unknown, used or expired. */
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
