import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { accessOf } from '../access';
import type { SarvamCounters, Tally } from '../counters';
import type { SarvamFault } from '../faults/fault';
import type { SeededFaultPlan } from '../faults/fault-plan';
import type { DrawDelay } from '../latency';
import { randomId, type Random } from '../random';
import { SocketServer, type SocketEndpoint } from '../server/socket-server';
import type { SocketLink, SocketSession } from '../server/socket-link';
import { headerOf, requestUrl } from '../server/request';
import { refuseUpgrade } from '../server/upgrade';
import type { VendorHandlers } from '../server/vendor-server';
import type { SimulatorLimits } from '../simulator';
import type { Recogniser } from '../speech/ports';
import { parseLegacyQuery } from './legacy-config';
import { LegacySession } from './legacy-session';
import { parseRealtimeQuery } from './realtime-config';
import { RealtimeSession } from './realtime-session';
import { codeForStatus, errorBody, legacyErrorFrame, realtimeFailure, realtimeRefusalFor, refusalFor } from './sarvam-errors';

/** What the simulated Sarvam needs. Owned by the simulator. */
export interface SarvamVendorOptions {
  plan: SeededFaultPlan;
  tally: Tally<SarvamCounters>;
  recogniser: Recogniser;
  delay: DrawDelay;
  random: Random;
  withheldWords: number;
  limits: Pick<SimulatorLimits, 'sarvamSockets' | 'sarvamRealtimeIdleMs' | 'sarvamLegacyIdleMs'>;
}

const KEY_PROTOCOL = 'api-subscription-key.';

/** Speech to text as Sarvam serves it: the realtime and the legacy socket. */
export function createSarvamVendor({ plan, tally, recogniser, delay, random, withheldWords, limits }: SarvamVendorOptions): VendorHandlers {
  const nextRequestId = (): string => randomId(random, 24);
  const openSockets = new Map<string, number>();
  const socketServer = new SocketServer('sarvam', plan, tally, (status) => errorBody(codeForStatus(status), 'Refused.', nextRequestId()));

  const counted = (key: string, session: SocketSession | undefined): SocketSession => {
    openSockets.set(key, (openSockets.get(key) ?? 0) + 1);
    return {
      onText: (text) => session?.onText(text),
      onBinary: (data) => session?.onBinary(data),
      onGone: () => {
        openSockets.set(key, (openSockets.get(key) ?? 1) - 1);
        session?.onGone();
      },
    };
  };
  const deps = (endpoint: 'realtime' | 'legacy', requestId: string, idleMs: number) => ({
    requestId,
    recogniser,
    delay,
    tally,
    withheldWords,
    idleMs,
    drawFault: () => {
      const fault = plan.draw('sarvam', endpoint, ['work']);
      if (fault) tally.faults += 1;
      return fault;
    },
  });

  const realtime = (query: URLSearchParams, key: string, requestId: string): SocketEndpoint<SarvamFault> => ({
    endpoint: 'realtime',
    refusal: tooManySockets(key, requestId),
    internalError: realtimeFailure(1011, 'internal_server_error', 'Internal error.', 500),
    open: (link) => counted(key, openRealtime(link, query, key, requestId)),
  });
  const openRealtime = (
    link: SocketLink<SarvamFault>,
    query: URLSearchParams,
    key: string,
    requestId: string,
  ): SocketSession | undefined => {
    const config = parseRealtimeQuery(query);
    const failure =
      realtimeRefusalFor(accessOf(key)) ??
      (typeof config === 'string' ? realtimeFailure(4000, 'invalid_request_error', config, 400) : undefined);
    if (failure) link.fail(failure);
    if (failure || typeof config === 'string') return undefined;
    return new RealtimeSession(link, config, deps('realtime', requestId, limits.sarvamRealtimeIdleMs));
  };

  const legacy = (query: URLSearchParams, key: string, requestId: string): SocketEndpoint<SarvamFault> => ({
    endpoint: 'legacy',
    refusal: refusalFor(accessOf(key), requestId) ?? tooManySockets(key, requestId),
    internalError: { frame: legacyErrorFrame('internal_server_error', 'Internal error.'), code: 1011, reason: 'Internal error.' },
    open: (link) => {
      const config = parseLegacyQuery(query);
      if (typeof config !== 'string')
        return counted(key, new LegacySession(link, config, deps('legacy', requestId, limits.sarvamLegacyIdleMs)));
      link.fail({ frame: legacyErrorFrame('invalid_request_error', config), code: 1003, reason: config });
      return counted(key, undefined);
    },
  });
  const tooManySockets = (key: string, requestId: string) =>
    (openSockets.get(key) ?? 0) >= limits.sarvamSockets
      ? {
          status: 429,
          body: errorBody('rate_limit_exceeded_error', 'Too many concurrent connections.', requestId),
          headers: { 'x-request-id': requestId },
        }
      : undefined;

  return {
    request: (_request: IncomingMessage, response: ServerResponse) => {
      const requestId = nextRequestId();
      tally.requests += 1;
      response.writeHead(404, { 'content-type': 'application/json', 'x-request-id': requestId });
      response.end(JSON.stringify(errorBody('not_found_error', 'Not found.', requestId)));
    },
    upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const url = requestUrl(request);
      const requestId = nextRequestId();
      const key = keyOf(request);
      const endpoints = { '/speech-to-text-realtime/ws': realtime, '/speech-to-text/ws': legacy };
      const endpoint = Object.entries(endpoints).find(([path]) => path === url.pathname)?.[1];
      if (endpoint) void socketServer.handleUpgrade(request, socket, head, endpoint(url.searchParams, key, requestId));
      else refuseUpgrade(socket, { status: 404, body: errorBody('not_found_error', 'Not found.', requestId) });
    },
  };
}

function keyOf(request: IncomingMessage): string {
  const protocols = (headerOf(request, 'sec-websocket-protocol') ?? '').split(',').map((protocol) => protocol.trim());
  const fromProtocol = protocols.find((protocol) => protocol.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length);
  return headerOf(request, 'api-subscription-key') ?? fromProtocol ?? '';
}
