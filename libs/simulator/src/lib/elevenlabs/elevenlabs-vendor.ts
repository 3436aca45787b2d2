import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { accessOf } from '../access';
import type { ElevenLabsFault } from '../faults/fault';
import type { SeededFaultPlan } from '../faults/fault-plan';
import { HttpRouter } from '../server/http-router';
import { headerOf, requestUrl } from '../server/request';
import { SocketServer, type SocketEndpoint } from '../server/socket-server';
import type { SocketLink, SocketSession } from '../server/socket-link';
import { refuseUpgrade } from '../server/upgrade';
import type { VendorHandlers } from '../server/vendor-server';
import { accountRoutes } from './account-routes';
import { bodyForStatus, detail, quotaFailure, refusalFor, socketFailure } from './elevenlabs-errors';
import { GenerationCounter } from './generation-counter';
import { speechRoutes } from './http-speech';
import { PronunciationDictionaries } from './pronunciation/pronunciation-dictionaries';
import { pronunciationRoutes } from './pronunciation/pronunciation-routes';
import { SingleUseTokens } from './single-use-tokens';
import { SocketAccess } from './socket-access';
import { openSpeechSession, speechSocketAt, type SpeechSocket } from './speech-sockets';
import type { ElevenLabsDeps } from './vendor-deps';

/** What the simulated ElevenLabs needs. Owned by the simulator. */
export interface ElevenLabsVendorOptions extends Omit<ElevenLabsDeps, 'tokens' | 'dictionaries' | 'gauge' | 'drawFault'> {
  plan: SeededFaultPlan;
}

/** Text to speech and to dialogue as ElevenLabs serves them: sockets, HTTP endpoints and the account endpoints. */
export function createElevenLabsVendor({ plan, ...options }: ElevenLabsVendorOptions): VendorHandlers {
  const { tally } = options;
  const deps: ElevenLabsDeps = {
    ...options,
    tokens: new SingleUseTokens(options.random),
    dictionaries: new PronunciationDictionaries(options.random),
    gauge: new GenerationCounter(options.limits.elevenLabsConcurrency),
    drawFault: (endpoint) => {
      const fault = plan.draw('elevenlabs', endpoint, ['work']);
      if (fault) tally.faults += 1;
      return fault;
    },
  };
  const socketServer = new SocketServer('elevenlabs', plan, tally, bodyForStatus);
  const routes = [...speechRoutes(deps), ...accountRoutes(deps), ...pronunciationRoutes(deps)];
  const router = new HttpRouter('elevenlabs', plan, tally, routes, bodyForStatus);

  const socketEndpoint = (target: SpeechSocket, url: URL, key: SocketKey): SocketEndpoint<ElevenLabsFault> => ({
    endpoint: target.endpoint,
    refusal: key.known && ['bad', 'missing'].includes(accessOf(key.value)) ? refusalFor('bad') : undefined,
    internalError: socketFailure('internal_error', 'An internal error occurred.', 1011),
    failureOf: ({ kind }) => (kind === 'quota' ? quotaFailure() : undefined),
    open: (link) => openSession(link, target, url, key),
  });
  const openSession = (link: SocketLink<ElevenLabsFault>, target: SpeechSocket, url: URL, key: SocketKey): SocketSession => {
    const access = new SocketAccess();
    const refused = key.known ? access.admit(key.value) : undefined;
    const session = refused ?? openSpeechSession(target, url.searchParams, link, access, deps);
    if (!('frame' in session)) return session;
    link.fail(session);
    return CLOSED;
  };

  return {
    request: (request: IncomingMessage, response: ServerResponse) => void router.handle(request, response),
    upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const url = requestUrl(request);
      const target = speechSocketAt(url.pathname);
      if (!target) return refuseUpgrade(socket, { status: 404, body: bodyForStatus(404) });
      const key = socketKey(request, url, deps);
      if (key === 'bad-token') return refuseUpgrade(socket, detail(401, 'invalid_token', 'The single-use token is not valid.'));
      void socketServer.handleUpgrade(request, socket, head, socketEndpoint(target, url, key));
    },
  };
}

/** The API key of an upgrade request; undefined when the first message must bring it. */
interface SocketKey {
  known: boolean;
  value: string;
}

const CLOSED: SocketSession = { onText: () => undefined, onBinary: () => undefined, onGone: () => undefined };

function socketKey(request: IncomingMessage, url: URL, { tokens }: ElevenLabsDeps): SocketKey | 'bad-token' {
  const token = url.searchParams.get('single_use_token');
  if (token !== null) {
    const value = tokens.redeem(token, 'tts_websocket');
    return value === undefined ? 'bad-token' : { known: true, value };
  }
  const value = headerOf(request, 'xi-api-key') ?? (url.searchParams.get('authorization') ?? undefined)?.replace(/^Bearer /i, '');
  return { known: value !== undefined, value: value ?? '' };
}
