import { randomUUID } from 'node:crypto';
import type { SessionToken, SessionTokenPurpose } from '@parley/protocol';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { UsedTokens } from './used-tokens';

export interface SessionTokensOptions {
  /** Undefined where no tokens are needed. */
  secret: string | undefined;
  /** How long a token can be used, in seconds. */
  ttlS: number;
  used: UsedTokens;
  /** Unix time in ms. */
  now: () => number;
}

const ALGORITHM = 'HS256';
const ISSUER = 'parley';
/** Ours have about 300 characters. Longer ones are not even read. */
const MAX_LENGTH = 1_024;

/**
 * Issues and checks the tokens with which clients may connect: signed by the server, valid for a minute, for one purpose, and once. What the token is
 * for is its audience, so that one for a narration does not start a conversation.
 */
export class SessionTokens {
  private readonly key: Uint8Array | undefined;

  constructor(private readonly options: SessionTokensOptions) {
    this.key = options.secret === undefined ? undefined : new TextEncoder().encode(options.secret);
  }

  /** Whether clients need a token. */
  get areNeeded(): boolean {
    return this.key !== undefined;
  }

  /** Throws where no tokens are needed. */
  async issue(purpose: SessionTokenPurpose): Promise<SessionToken> {
    if (this.key === undefined) throw new Error('no session tokens are needed');
    const issuedS = Math.floor(this.options.now() / 1_000);
    const expiresS = issuedS + this.options.ttlS;
    const token = await new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(audienceOf(purpose))
      .setJti(randomUUID())
      .setIssuedAt(issuedS)
      .setExpirationTime(expiresS)
      .sign(this.key);
    return { token, expires_at: new Date(expiresS * 1_000).toISOString() };
  }

  /** Whether this token may be used for this purpose, now and for the first time. It is used up with a call that resolves to true. */
  async redeem(token: string | undefined, purpose: SessionTokenPurpose): Promise<boolean> {
    if (this.key === undefined) return true;
    if (token === undefined || token.length > MAX_LENGTH) return false;
    const claims = await this.claimsOf(token, this.key, purpose);
    return claims !== undefined && (await this.options.used.use(claims.id, claims.untilMs));
  }

  private async claimsOf(
    token: string,
    key: Uint8Array,
    purpose: SessionTokenPurpose,
  ): Promise<{ id: string; untilMs: number } | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: audienceOf(purpose),
        requiredClaims: ['jti', 'iat', 'exp'],
        currentDate: new Date(this.options.now()),
      });
      const { jti, exp } = payload;
      return typeof jti === 'string' && exp !== undefined ? { id: jti, untilMs: exp * 1_000 } : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

const audienceOf = (purpose: SessionTokenPurpose): string => `parley:${purpose}`;
