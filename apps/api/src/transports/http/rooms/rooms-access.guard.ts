import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Settings, SETTINGS } from '@parley/server';
import { ApiException } from '../api-error';
import type { HttpRequest, HttpResponse } from '../http-exchange';

const JOINING = 'parley:joining';
const BEARER = /^Bearer +([!-~]+) *$/i;

/** Marks what anybody may do where rooms are open. */
export const Joining = (): MethodDecorator => SetMetadata(JOINING, true);

/** Refuses requests about rooms without `ROOMS_API_TOKEN`. Where rooms are open, joining needs none; on a developer's own machine, nothing does. */
@Injectable()
export class RoomsAccessGuard implements CanActivate {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'rooms'>,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): true {
    const { rooms } = this.settings;
    // Without rooms the answer is that there are none.
    if (rooms === undefined || rooms.isLocal) return true;
    if (rooms.isOpen && this.reflector.get<boolean | undefined>(JOINING, context.getHandler()) === true) return true;
    if (rooms.apiToken === undefined)
      throw new ApiException(
        403,
        'Nobody may do that on this server. Whoever runs it can set ROOMS_API_TOKEN, and for joining ROOMS_OPEN.',
      );
    const http = context.switchToHttp();
    const [, token] = BEARER.exec(http.getRequest<HttpRequest>().headers.authorization ?? '') ?? [];
    if (token !== undefined && isSame(token, rooms.apiToken)) return true;
    http.getResponse<HttpResponse>().set({ 'WWW-Authenticate': 'Bearer' });
    throw new ApiException(401, 'The request needs the token of the rooms of this server: Authorization: Bearer …');
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes as long whatever the texts have in common. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
