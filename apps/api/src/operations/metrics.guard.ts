import { type CanActivate, type ExecutionContext, Inject, Injectable, NotFoundException, UnauthorizedException } from '@nestjs/common';
import { type Settings, SETTINGS } from '@parley/server';
import { carries } from '../transports/http/bearer';
import type { HttpRequest, HttpResponse } from '../transports/http/http-exchange';
import { OperationsPort } from './operations-port';

/** Keeps the metrics for operators: on their port if they have one, and with `METRICS_TOKEN` if it is set. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'access'>,
    @Inject(OperationsPort) private readonly port: OperationsPort,
  ) {}

  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    if (!this.port.isFor(request)) throw new NotFoundException();
    const { metricsToken } = this.settings.access;
    if (metricsToken === undefined || carries(request, metricsToken)) return true;
    http.getResponse<HttpResponse>().set({ 'WWW-Authenticate': 'Bearer' });
    throw new UnauthorizedException('The request needs METRICS_TOKEN: Authorization: Bearer …');
  }
}
