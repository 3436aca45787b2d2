import { type CanActivate, type ExecutionContext, HttpStatus, Inject, Injectable } from '@nestjs/common';
import { ClientAddress } from '../client-address/client-address';
import { ApiException } from '../http/api-error';
import type { HttpRequest, HttpResponse } from '../http/http-exchange';
import { StartAdmission } from './start-admission';

const STATUS = { server_busy: HttpStatus.SERVICE_UNAVAILABLE, rate_limited: HttpStatus.TOO_MANY_REQUESTS } as const;

/** For requests that begin something: answers 503 while the server is busy, and 429 to an address that begins too much, with `Retry-After`. */
@Injectable()
export class StartGuard implements CanActivate {
  constructor(
    @Inject(StartAdmission) private readonly admission: StartAdmission,
    @Inject(ClientAddress) private readonly addresses: ClientAddress,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const refusal = await this.admission.judge(this.addresses.of(http.getRequest<HttpRequest>()));
    if (refusal === undefined) return true;
    http.getResponse<HttpResponse>().set({ 'Retry-After': String(Math.ceil(refusal.retryAfterMs / 1000)) });
    throw new ApiException(STATUS[refusal.code], refusal.message);
  }
}
