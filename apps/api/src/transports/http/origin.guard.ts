import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { HttpRequest } from './http-exchange';
import { type Settings, SETTINGS } from '@parley/server';
import { ClientAddress } from '../client-address/client-address';
import { isOriginAllowed } from '../websocket/origin-policy';
import { ApiException } from './api-error';

const READS = ['GET', 'HEAD', 'OPTIONS'];

/** Refuses requests of other pages that change something or cost something. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'allowedOrigins'>,
    @Inject(ClientAddress) private readonly addresses: ClientAddress,
  ) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const { allowedOrigins } = this.settings;
    const scheme = this.addresses.schemeOf(request);
    if (READS.includes(request.method) || isOriginAllowed(request, { allowedOrigins, scheme })) return true;
    throw new ApiException(403, 'Pages of this origin may not do that. Whoever runs the server can list it in ALLOWED_ORIGINS.');
  }
}
