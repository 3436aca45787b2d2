import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Settings, SETTINGS } from '@parley/server';
import { SessionTokens } from '../../session-tokens/session-tokens';
import { ApiException } from '../api-error';
import { bearerOf, carries } from '../bearer';
import type { HttpRequest, HttpResponse } from '../http-exchange';

const JOINING = 'parley:joining';

/** Marks what anybody may do where rooms are open. */
export const Joining = (): MethodDecorator => SetMetadata(JOINING, true);

/** Whether the request carries the operator's own token. */
export const isOfOperator = (request: HttpRequest, rooms: Settings['rooms']): boolean =>
  rooms?.apiToken !== undefined && carries(request, rooms.apiToken);

/**
 * Refuses requests about rooms without `ROOMS_API_TOKEN`. Where the server needs session tokens, one of them is enough for joining; where it needs none and
 * rooms are open, joining needs nothing; on a developer's own machine, nothing needs any.
 */
@Injectable()
export class RoomsAccessGuard implements CanActivate {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'rooms'>,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(SessionTokens) private readonly tokens: SessionTokens,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const { rooms } = this.settings;
    // Without rooms the answer is that there are none.
    if (rooms === undefined) return true;
    const isJoining = this.reflector.get<boolean | undefined>(JOINING, context.getHandler()) === true;
    const takesSessionToken = isJoining && this.tokens.areNeeded;
    if (!takesSessionToken && (rooms.isLocal || (rooms.isOpen && isJoining))) return true;
    if (rooms.apiToken === undefined && !takesSessionToken)
      throw new ApiException(
        403,
        'Nobody may do that on this server. Whoever runs it can set ROOMS_API_TOKEN, and for joining ROOMS_OPEN.',
      );
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    if (isOfOperator(request, rooms)) return true;
    if (takesSessionToken && (await this.tokens.redeem(bearerOf(request), 'rooms'))) return true;
    http.getResponse<HttpResponse>().set({ 'WWW-Authenticate': 'Bearer' });
    throw new ApiException(
      401,
      takesSessionToken
        ? 'The request needs a session token that was not used before: Authorization: Bearer …'
        : 'The request needs the token of the rooms of this server: Authorization: Bearer …',
    );
  }
}
