import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';
import { ClientAddress } from '../client-address/client-address';
import { ApiException } from '../http/api-error';
import { carries } from '../http/bearer';
import type { HttpRequest, HttpResponse } from '../http/http-exchange';
import { isOriginAllowed } from '../websocket/origin-policy';

/**
 * Injection token of the guard that decides who gets session tokens. It is asked for each request of `POST /api/session-tokens`.
 *
 * To put your own authentication in front of the server, write a guard that knows your users (by their session cookie, or by a token of your identity
 * provider) and name it in `SessionTokensModule` in place of `SessionTokenIssuerGuard`:
 *
 *     { provide: SESSION_TOKEN_ISSUER, useClass: YourGuard }
 *
 * `canActivate` returns true, or throws `new ApiException(401, 'Please sign in.')`, whose message the page shows. Nothing else has to change: no connection
 * is made without a token, and the page asks for one before each.
 */
export const SESSION_TOKEN_ISSUER = Symbol('SESSION_TOKEN_ISSUER');

/**
 * The guard that is used when nobody has replaced it: with `SESSION_TOKEN_ISSUER_TOKEN` a request must carry it; without, the pages of this server and of
 * `ALLOWED_ORIGINS` get tokens. The latter keeps other pages out, but no program, because a program can send any `Origin`.
 */
@Injectable()
export class SessionTokenIssuerGuard implements CanActivate {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'access' | 'allowedOrigins'>,
    @Inject(ClientAddress) private readonly addresses: ClientAddress,
  ) {}

  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const { issuerToken } = this.settings.access.sessionTokens;
    if (issuerToken === undefined) return this.isOfAPage(request);
    if (carries(request, issuerToken)) return true;
    http.getResponse<HttpResponse>().set({ 'WWW-Authenticate': 'Bearer' });
    throw new ApiException(401, 'Only the operator of this server may ask for session tokens: Authorization: Bearer …');
  }

  private isOfAPage(request: HttpRequest): true {
    const { allowedOrigins } = this.settings;
    const scheme = this.addresses.schemeOf(request);
    if (request.headers.origin !== undefined && isOriginAllowed(request, { allowedOrigins, scheme })) return true;
    throw new ApiException(403, 'Only the pages of this server get session tokens. Whoever runs it can list others in ALLOWED_ORIGINS.');
  }
}

/** Asks the guard that decides. */
@Injectable()
export class SessionTokenIssuerGate implements CanActivate {
  constructor(@Inject(SESSION_TOKEN_ISSUER) private readonly guard: CanActivate) {}

  canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    return this.guard.canActivate(context);
  }
}
