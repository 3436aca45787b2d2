import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { SessionTokens } from '../session-tokens/session-tokens';
import { ApiException } from './api-error';
import { bearerOf } from './bearer';
import type { HttpRequest, HttpResponse } from './http-exchange';

const READS = ['GET', 'HEAD', 'OPTIONS'];

/** Where the server needs session tokens: refuses requests without one that change or cost something. */
@Injectable()
export class EpisodeAccessGuard implements CanActivate {
  constructor(@Inject(SessionTokens) private readonly tokens: SessionTokens) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    if (!this.tokens.areNeeded || READS.includes(request.method)) return true;
    if (await this.tokens.redeem(bearerOf(request), 'episodes')) return true;
    http.getResponse<HttpResponse>().set({ 'WWW-Authenticate': 'Bearer' });
    throw new ApiException(401, 'The request needs a session token that was not used before: Authorization: Bearer …');
  }
}
