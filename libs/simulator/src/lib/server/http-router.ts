import type { IncomingMessage, ServerResponse } from 'node:http';
import { countIn, type Tally, type VendorCounters } from '../counters';
import type { Fault, FaultOf, Vendor } from '../faults/fault';
import type { SeededFaultPlan } from '../faults/fault-plan';
import { HttpExchange, type HttpFailure } from './http-exchange';
import { pathSegment, requestUrl } from './request';
import { sleep } from './sleep';

/**
 * One HTTP endpoint. `path` is matched against the whole path; its groups are handed to `handle`. A rejection of `handle` is answered with
 * 500.
 */
export interface HttpRoute<F extends Fault> {
  endpoint: string;
  method: 'GET' | 'POST';
  path: RegExp;
  failure: HttpFailure;
  handle(exchange: HttpExchange<F>, groups: readonly string[]): Promise<void> | void;
}

/** Routes one vendor's HTTP requests, and applies faults and counters to them. */
export class HttpRouter<V extends Vendor> {
  constructor(
    private readonly vendor: V,
    private readonly plan: SeededFaultPlan,
    private readonly tally: Tally<VendorCounters>,
    private readonly routes: readonly HttpRoute<FaultOf<V>>[],
    /** The vendor's body for errors that no handler makes: refusals by a fault, unknown paths, 500. */
    private readonly errorBody: (status: number) => unknown,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.tally.requests += 1;
    this.tally.requestsOpen += 1;
    const { pathname } = requestUrl(request);
    const route = this.routes.find(({ method, path }) => method === request.method && path.test(pathname));
    const endpoint = route?.endpoint ?? 'unknown';
    countIn(this.tally.byEndpoint, endpoint);
    const fault = route && this.plan.draw(this.vendor, endpoint, ['connection', 'work']);
    if (fault) this.tally.faults += 1;
    const exchange = new HttpExchange<FaultOf<V>>(request, response, fault, route?.failure ?? { garbage: '' }, () => {
      forget();
      this.tally.requestsOpen -= 1;
    });
    const forget = this.plan.opened(this.vendor, endpoint, exchange);
    if (!route) return exchange.json(404, this.errorBody(404));
    try {
      if (fault?.kind === 'refuse') return this.#refuse(exchange, fault);
      if (fault?.kind === 'slow-headers' && !(await sleep(fault.delayMs, exchange.gone))) return;
      if (!exchange.begin()) return;
      const groups = [...(route.path.exec(pathname) ?? [])].slice(1);
      await route.handle(exchange, groups.map(pathSegment));
    } catch {
      exchange.fail(500, this.errorBody(500));
    }
  }

  #refuse(exchange: HttpExchange<FaultOf<V>>, fault: Extract<Fault, { kind: 'refuse' }>): void {
    const retryAfter: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
    exchange.json(fault.status, fault.body ?? this.errorBody(fault.status), { ...fault.headers, ...retryAfter });
  }
}
